import { createServer } from 'node:net'

/**
 * Below every system's range of ephemeral ports (Linux begins at 32768, others at 49152): a port out of that range can be
 * handed to somebody's outgoing connection between our look at it and the start of the process that wants it.
 */
const firstPort = 10_000
const lastPort = 32_000
/**
 * Each worker of a test run takes from its own share, so that two workers never look at the same port; a run beside another one has a
 * share of its own (TEST_PORT_SHARE).
 */
const workerShares = 16
const share = Math.floor((lastPort - firstPort) / workerShares)
const shareStart = firstPort + ((Number(process.env['TEST_PORT_SHARE'] ?? process.env['VITEST_POOL_ID'] ?? '1') - 1) % workerShares) * share

// Other runs on this machine begin at the same share: a begin by process number keeps them apart.
let cursor = process.pid % share

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer()
    probe.once('error', () => done(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)))
  })
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if (!(await isFree(port))) return false
  return true
}

/**
 * The first of `count` neighbouring ports of 127.0.0.1 that nobody listens on; no two calls of a process get the same one.
 * @throws Error when the whole share of this worker is taken
 */
export async function freePorts(count: number): Promise<number> {
  for (let looked = 0; looked < share; looked += count) {
    if (cursor + count > share) cursor = 0
    const port = shareStart + cursor
    cursor += count
    if (await areFree(Array.from({ length: count }, (_, index) => port + index))) return port
  }
  throw new Error(`no ${count} neighbouring free ports from ${shareStart} to ${shareStart + share - 1}`)
}
