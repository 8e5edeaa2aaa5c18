import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { drainServer } from './drainServer.ts'

let server: Server | undefined
afterEach(() => new Promise((resolve) => (server?.listening ? server.close(resolve) : resolve(null))))

async function listening(): Promise<{ readonly url: string; readonly drain: ReturnType<typeof drainServer> }> {
  const started = createServer((_request, response) => response.end('ok'))
  server = started
  const drain = drainServer(started, false)
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(started.address() as AddressInfo).port}/`, drain }
}

describe('drainServer', () => {
  it('lets a connection rest longer than the 60 seconds of a balancer, and says so', async () => {
    const { url } = await listening()
    const told = (await fetch(url)).headers.get('keep-alive')
    expect(Number(/^timeout=(\d+)$/.exec(told ?? '')?.[1])).toBeGreaterThan(60)
  })

  it('does not wait for a connection that rests', async () => {
    const { url, drain } = await listening()
    await (await fetch(url)).text()
    await drain.stop()
    expect(server?.listening).toBe(false)
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })
})
