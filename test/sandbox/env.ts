import type { SandboxOptions } from './types.ts'

/** Settings of the sandbox process. @throws Error naming the variable that is wrong */
export function readSandboxEnv(env: NodeJS.ProcessEnv = process.env): SandboxOptions {
  const port = Number(env['SANDBOX_PORT'] ?? '3000')
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('SANDBOX_PORT must be a port number between 0 and 65535')
  const serverUrl = env['SANDBOX_SERVER_URL']?.replace(/\/$/, '') || null
  if (serverUrl !== null && !URL.canParse(serverUrl)) throw new Error('SANDBOX_SERVER_URL must be an address like http://127.0.0.1:3001')
  const smtpPort = env['SANDBOX_SMTP_PORT'] === undefined ? undefined : Number(env['SANDBOX_SMTP_PORT'])
  if (smtpPort !== undefined && (!Number.isInteger(smtpPort) || smtpPort < 0 || smtpPort > 65_535)) throw new Error('SANDBOX_SMTP_PORT must be a port number between 0 and 65535')
  return {
    port,
    smtpPort,
    serverUrl,
    miniProgramDist: env['SANDBOX_MINIPROGRAM_DIST'] || undefined,
    integrationKey: env['SANDBOX_INTEGRATION_KEY'] || undefined,
    clockFile: env['SANDBOX_CLOCK_FILE'] || undefined,
    stateFile: env['SANDBOX_STATE_FILE'] || undefined,
  }
}
