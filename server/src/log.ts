import pino, { type Logger } from 'pino'

/** Runs of digits that could be a phone, and words long enough to be a token, a code or an id. */
const couldBePersonal = /\+?\d{7,}|[\w-]{24,}/g

/** The text without runs that could be personal or secret. */
export function scrub(text: string): string {
  return text.replace(couldBePersonal, '…')
}

/** What a log may say of an error: never its details or parameters, where databases and vendors quote values. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: scrub(String(error)) }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const constraint = 'constraint' in error && typeof error.constraint === 'string' ? { constraint: error.constraint } : {}
  return { type: error.name, ...code, ...constraint, message: scrub(error.message), stack: scrub(error.stack ?? '') }
}

/** Lines are written together, at the latest after this long; at exit nothing is left behind. Milliseconds. */
const flushEveryMs = 1000
/** Few: with each line the destination counts what is gathered anew. */
const bufferBytes = 4096

/** The structured log of the server: JSON lines, no phone, token or code (R58). @param destination a test's own sink. */
export function createLog(level: string, destination?: { write(line: string): void }): Logger {
  const options = { level, base: undefined, serializers: { err: describeError } }
  if (destination) return pino(options, destination)
  const output = pino.destination({ dest: 1, sync: false, minLength: bufferBytes, periodicFlush: flushEveryMs })
  process.on('exit', () => output.flushSync())
  return pino(options, output)
}
