import type { Server } from 'node:http'

/**
 * How long a connection may rest unused, milliseconds: longer than balancers keep theirs (60 s at nginx and AWS; Node's own five seconds
 * are less). Whoever closes must be the one who sends, or the request that is on its way is lost.
 */
const restMs = 75_000
/**
 * How long a server that is to stop goes on answering, milliseconds: callers that keep their connection learn from `Connection: close`,
 * balancers from `/readyz`.
 */
const farewellMs = 5_500
/** Requests that are still at work then get this long. */
const lastRequestsMs = 2_500
const lookEveryMs = 25

/** Takes a server out of service without losing a request. */
export interface Drain {
  /** From the first moment of the stop. */
  isDraining(): boolean
  /** Resolves when nobody is connected any more, after 8 s at the latest. */
  stop(): Promise<void>
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)))
}

async function noneLeft(server: Server, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while ((await connectionsOf(server)) > 0) {
    if (Date.now() >= deadline) return false
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
  return true
}

/**
 * Closing a kept connection at the moment its next request is on the way loses that request, and Node's own `close` does just that. So the
 * server says good-bye first: each answer closes its connection, and only then the door.
 * @param isPatient false: whoever rests is cut off at once, for a person who waits at a terminal
 */
export function drainServer(server: Server, isPatient: boolean): Drain {
  let isDraining = false
  server.keepAliveTimeout = restMs
  server.prependListener('request', (_request, response) => {
    if (isDraining) response.shouldKeepAlive = false
  })
  return {
    isDraining: () => isDraining,
    async stop() {
      isDraining = true
      if (isPatient) await noneLeft(server, farewellMs)
      const closed = new Promise((resolve) => server.close(resolve))
      if (!(await noneLeft(server, lastRequestsMs))) server.closeAllConnections()
      await closed
    },
  }
}
