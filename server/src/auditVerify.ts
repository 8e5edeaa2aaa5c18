import { createServices } from './createServices.ts'
import { EnvError, readEnv } from './env.ts'
import { sealAll } from './modules/audit/commands/sealEntries.ts'
import { signHeads } from './modules/audit/commands/signHeads.ts'
import { verifyAndKeep } from './modules/audit/commands/verifyAudit.ts'
import { createHeadStore } from './modules/audit/headStore.ts'
import { createAuditChain } from './security/auditChain.ts'
import { openKeyring } from './security/openKeyring.ts'
import { createTencentKms } from './security/tencentKms.ts'

/**
 * Looks at the whole audit and prints what it found, one line each; ends with 1 when something is wrong (R98). `--public-key` prints the
 * key an auditor checks copied heads with.
 */
async function verify(): Promise<boolean> {
  const env = readEnv()
  const chain = createAuditChain(env.auditKey, env.indexKey)
  if (process.argv.includes('--public-key')) {
    process.stdout.write(chain.publicKey)
    return true
  }
  const keyring = await openKeyring(env.fieldKeys, env.tencentKms && createTencentKms(env.tencentKms))
  const services = createServices(env, { keyring, logTo: { write: () => {} } })
  try {
    const store = createHeadStore(env.auditHeadDir)
    const clockStart = performance.now()
    await sealAll(services, chain, new Date(services.now().getTime() - 24 * 3600_000))
    const report = await verifyAndKeep(services, chain, store, 'command')
    const seconds = ((performance.now() - clockStart) / 1000).toFixed(1)
    for (const { kind, day, seq } of report.findings) process.stdout.write(`${kind}: day ${day}, entry ${seq}\n`)
    process.stdout.write(`${report.entries} entries from ${report.fromDay ?? '-'} to ${report.toDay ?? '-'}: ${report.findings.length === 0 ? 'whole' : `${report.findings.length} findings`} (${seconds} s)\n`)
    // What was just found whole is worth a signature; what was not must not get one.
    if (report.findings.length === 0) await signHeads(services, chain, store)
    return report.findings.length === 0
  } finally {
    await services.db.close()
  }
}

verify().then(
  (isWhole) => {
    process.exitCode = isWhole ? 0 : 1
  },
  (error: unknown) => {
    const lines = error instanceof EnvError ? error.lines : [error instanceof Error ? error.message : String(error)]
    for (const line of lines) process.stderr.write(`${line}\n`)
    process.exitCode = 1
  },
)
