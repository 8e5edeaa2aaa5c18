import { scrub } from '../log.ts'

/** What the queue keeps of a failed run, for the person who looks at it later. */
export interface FailureNote {
  readonly type: string
  readonly code: string | null
  readonly message: string
}

/** Databases and schemas quote values; names of their own things may stay. */
const quoted = /"([^"]*)"|'([^']*)'|“([^”]*)”/g
const nameOfAThing = /^[a-z_][a-z0-9_.]{0,62}$/
const maxLength = 300

/** A failure without anything of a customer in it: no phone, token, id or quoted value. */
export function describeFailure(error: unknown): FailureNote {
  const { name, message } = error instanceof Error ? error : { name: 'Unknown', message: String(error) }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  const said = scrub(message).replace(quoted, (whole, double?: string, single?: string) => (nameOfAThing.test(double ?? single ?? '') ? whole : '…'))
  return { type: name, code, message: said.slice(0, maxLength) }
}
