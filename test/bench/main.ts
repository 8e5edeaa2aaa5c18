/**
 * `npm run bench -- [name …] [--rounds N]`: one JSON line per target. Ours and its ceiling are measured in turn in one run; the
 * ceiling is pgbench with the product's own statement, or where pgbench is not installed a bare prepared `pg` loop.
 */
import { callbackAccept } from './callbackAccept.ts'
import { startDebianCluster, startEmbeddedCluster, stopClusters, type Cluster } from './clusters.ts'
import { jssdkSign } from './jssdkSign.ts'
import { embedded, registrationTx } from './registrationTx.ts'
import { registrationHttp } from './registrationHttp.ts'
import type { Result } from './rounds.ts'
import { sidebarRead } from './sidebarRead.ts'
import { tierRecompute } from './tierRecompute.ts'

/** Ratio each target must reach. */
const TARGETS: Readonly<Record<string, { readonly ratio: number; run(cluster: Cluster, rounds: number): Promise<Result | null> }>> = {
  registration_tx: { ratio: 0.8, run: registrationTx },
  registration_http: { ratio: 0.4, run: registrationHttp },
  sidebar_read: { ratio: 0.5, run: sidebarRead },
  callback_accept: { ratio: 0.4, run: callbackAccept },
  jssdk_sign: { ratio: 0.7, run: jssdkSign },
  // Time at most 1.5 times the ceiling's.
  tier_recompute_1m: { ratio: 0.667, run: tierRecompute },
  embedded: { ratio: 0.8, run: (_cluster, rounds) => embedded(rounds) },
}

function readArguments(args: readonly string[]): { names: readonly string[]; rounds: number } {
  const at = args.indexOf('--rounds')
  const rounds = at === -1 ? 5 : Number(args[at + 1])
  const names = args.filter((_arg, index) => at === -1 || (index !== at && index !== at + 1))
  const unknown = names.find((name) => !(name in TARGETS))
  if (unknown !== undefined) throw new Error(`There is no target called ${unknown}: use ${Object.keys(TARGETS).join(', ')}`)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1')
  return { names: names.length > 0 ? names : Object.keys(TARGETS), rounds }
}

async function main(): Promise<void> {
  const { names, rounds } = readArguments(process.argv.slice(2))
  const cluster = (await startDebianCluster()) ?? (await startEmbeddedCluster(15))
  try {
    for (const name of names) {
      const target = TARGETS[name]
      const result = await target?.run(cluster, rounds)
      if (!target || !result) {
        console.log(JSON.stringify({ name, note: 'skipped: Debian\'s PostgreSQL is not installed (apt-get install postgresql)' }))
        continue
      }
      console.log(JSON.stringify({ ...result, target: target.ratio, isReached: result.ratio >= target.ratio }))
    }
  } finally {
    await cluster.stop()
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopClusters().then(() => process.exit(1)))
}
main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
