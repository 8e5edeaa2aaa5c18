import type { Server } from 'node:http'
import { createApp } from './app.ts'
import { createServices } from './createServices.ts'
import { applicationRole } from './db/applicationRole.ts'
import { DatabaseUnreachableError } from './db/connectOnce.ts'
import { migrate, migrationsFolder } from './db/migrate.ts'
import { EnvError, readEnv, type Env } from './env.ts'
import { drainServer, type Drain } from './http/drainServer.ts'
import type { JobRunner } from './jobs/runJobs.ts'
import { publishFirstBenefitRules } from './modules/benefit/commands.ts'
import { publishPolicies } from './modules/consent/commands.ts'
import { publishForms } from './modules/form/commands.ts'
import { publishFirstGrowthRules } from './modules/growth/ruleCommands.ts'
import { listenForMetrics } from './modules/health/listenForMetrics.ts'
import { replayErasures } from './modules/lifecycle/commands/erasures.ts'
import { publishFirstTierRules } from './modules/tier/commands.ts'
import { checkKeys, WrongKeyError } from './security/checkKeys.ts'
import { guardedFetch } from './security/egress.ts'
import { createErasureList } from './security/erasureList.ts'
import { openKeyring } from './security/openKeyring.ts'
import { createTencentKms } from './security/tencentKms.ts'
import { startWorker } from './worker.ts'

/** Whatever hangs, the process is gone by then: an orchestrator's patience is 10 s, and what was not finished is found again by others. Milliseconds. */
const stopWithinMs = 9_500

function loadEnv(): Env {
  try {
    return readEnv()
  } catch (error) {
    if (!(error instanceof EnvError)) throw error
    for (const line of error.lines) process.stderr.write(`${line}\n`)
    process.exit(1)
  }
}

function listen(app: ReturnType<typeof createApp>, env: Env): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(env.port, env.host, () => resolve(server))
    server.once('error', reject)
  })
}

async function start(): Promise<void> {
  const env = loadEnv()
  // Before anything can ask: no part of the server reaches a host that is not among its settings (R64).
  globalThis.fetch = guardedFetch(env.egressTargets, globalThis.fetch)
  await migrate(env.databaseUrl, migrationsFolder(import.meta.url))
  const databaseRole = await applicationRole(env.databaseUrl, env.databaseRole)
  const services = createServices(env, { databaseRole, keyring: await openKeyring(env.fieldKeys, env.tencentKms && createTencentKms(env.tencentKms)) })
  if (databaseRole === null) services.log.warn({ alert: 'databaseRole' }, 'daily work runs as the owner of the tables: only triggers keep the audit append-only')
  await checkKeys(services.db, services.cipher, env.fieldKeys.keys())
  await publishPolicies(services)
  await publishForms(services)
  await publishFirstTierRules(services)
  await publishFirstBenefitRules(services)
  await publishFirstGrowthRules(services)
  const erasedAgain = await replayErasures(services, createErasureList(env.erasureListDir, env.indexKey))
  if (erasedAgain > 0) services.log.warn({ persons: erasedAgain }, 'a restored backup had brought erased persons back; they are erased again')
  const worker: JobRunner | null = env.role === 'web' ? null : await startWorker(services)
  let drain: Drain | null = null
  const server = env.role === 'worker' ? null : await listen(createApp(services, { isDraining: () => drain?.isDraining() ?? false }), env)
  if (server) drain = drainServer(server, env.mode !== 'development')
  process.stdout.write(server ? `qihui server ready on http://${env.host}:${env.port}\n` : 'qihui worker ready\n')

  const metricsServer = await listenForMetrics(services)

  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    setTimeout(() => process.exit(1), stopWithinMs).unref()
    await Promise.all([drain?.stop(), worker?.stop(), metricsServer && drainServer(metricsServer, false).stop()])
    await services.db.close()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          services.log.error({ err: error }, 'shutdown failed')
          process.exit(1)
        },
      )
    })
  }
}

/** One line for the person who started it. */
function whyNotStarted(error: unknown): string {
  if (error instanceof DatabaseUnreachableError || error instanceof WrongKeyError) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return 'The port is in use: stop the other program or set PORT to a free one.'
  return `The server could not start: ${error instanceof Error ? error.message : String(error)}`
}

start().catch((error: unknown) => {
  process.stderr.write(`${whyNotStarted(error)}\n`)
  process.exit(1)
})
