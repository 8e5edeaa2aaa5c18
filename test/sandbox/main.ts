import { readSandboxEnv } from './env.ts'
import { startSandbox } from './startSandbox.ts'

/** One readable line, then exit 1: whoever started the process shows it to a person. */
function fail(error: unknown, port: number | null): never {
  const isBusy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  const text = isBusy ? `port ${port} is in use: stop the program that uses it or set SANDBOX_PORT to a free port` : (error as Error).message
  process.stderr.write(`sandbox cannot start: ${text}\n`)
  process.exit(1)
}

let port: number | null = null
try {
  const options = readSandboxEnv()
  port = options.port
  const sandbox = await startSandbox(options)
  process.stdout.write(`sandbox ready ${sandbox.url}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)))
  }
} catch (error) {
  fail(error, port)
}
