import { addStaffAndChannel, emptyTables, openBenchDatabase, PUBLIC_URL, STAFF_TOKEN, type BenchDatabase } from './benchDatabase.ts'
import type { Cluster } from './clusters.ts'
import { CONNECTIONS, httpRequest, startHttpBench, type HttpBench } from './httpLoad.ts'
import { compare, type Contestant, type Result } from './rounds.ts'

const REQUESTS = 20_000

function contestant(name: string, app: 'product' | 'plain', path: string, http: HttpBench, database: BenchDatabase): Contestant {
  return {
    name,
    async prepare() {
      await emptyTables(database)
      await addStaffAndChannel(database)
    },
    run: () => http.load(Array.from({ length: REQUESTS }, () => httpRequest('GET', path, { Cookie: `qihui_staff=${STAFF_TOKEN}` })), app),
  }
}

/** `jssdk_sign`: the signature of a page address against a plain Koa route that checks the same session and answers a constant. */
export async function jssdkSign(cluster: Cluster, rounds: number): Promise<Result> {
  const database = await openBenchDatabase(cluster)
  const http = await startHttpBench(database.settings, cluster)
  const page = encodeURIComponent(`${PUBLIC_URL}/sidebar/`)
  try {
    return await compare(
      'jssdk_sign',
      contestant(`GET /api/jssdk/config-signature, ${CONNECTIONS} connections, ticket in memory`, 'product', `/api/jssdk/config-signature?url=${page}`, http, database),
      contestant('a plain Koa route with the same session check in the same process', 'plain', '/', http, database),
      rounds,
    )
  } finally {
    await http.close()
    await database.close()
  }
}
