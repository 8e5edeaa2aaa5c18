import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A TCP front of the test's own: a load balancer that goes to the next target when one refuses, and a line that can go dead. */
export interface TcpFront {
  readonly port: number
  /** From now on nothing passes on the connections that are open, and nobody is told: a half-open line. New ones work. */
  goSilent(): number
  close(): Promise<void>
}

/** Joins both ends until one of them closes. */
function join(one: Socket, other: Socket): void {
  one.pipe(other)
  other.pipe(one)
  for (const [from, to] of [[one, other], [other, one]] as const) {
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
  }
}

/** @param targets ports on the loopback, asked for each connection: whoever does not listen is passed over */
export async function startTcpFront(targets: () => readonly number[]): Promise<TcpFront> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let turn = 0
  const reach = (client: Socket, ports: readonly number[]): void => {
    const [port, ...others] = ports
    if (port === undefined) {
      client.destroy()
      return
    }
    const target = connect(port, '127.0.0.1')
    const passOver = (): void => reach(client, others)
    target.once('error', passOver)
    target.once('connect', () => {
      target.off('error', passOver)
      const pair = [client, target] as const
      pairs.add(pair)
      target.once('close', () => pairs.delete(pair))
      target.setNoDelay(true)
      join(client, target)
    })
  }
  const server = createServer((client) => {
    client.setNoDelay(true)
    client.on('error', () => client.destroy())
    const ports = targets()
    turn += 1
    reach(client, ports.map((_port, index) => ports[(index + turn) % ports.length] ?? 0))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    goSilent() {
      for (const [client, target] of pairs) {
        for (const socket of [client, target]) {
          socket.unpipe()
          socket.removeAllListeners('data')
          socket.resume()
        }
      }
      return pairs.size
    },
    async close() {
      for (const pair of pairs) for (const socket of pair) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
