/** Whether the one address, the server behind it and the sandbox's mail receiver can have their ports. */
import { createServer } from 'node:net'
import { UserError } from './workspace.mjs'

const DEFAULT_PORT = 3000

/**
 * The port of the one address; the server takes the next one, the mail receiver the one after.
 * @throws {UserError} when PORT is no usable number
 */
export function wantedPort() {
  const text = process.env.PORT ?? String(DEFAULT_PORT)
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port < 65_534) return port
  throw new UserError(`PORT is "${text}": use a number from 1 to 65533, e.g. PORT=4000 npm start`)
}

/**
 * @param {number} port
 * @throws {UserError} one line that says what to do
 */
export async function checkPortsFree(port) {
  for (const wanted of [port, port + 1, port + 2]) {
    const problem = (await problemOf(wanted, '127.0.0.1')) ?? (await problemOf(wanted, '::'))
    if (problem === 'EADDRINUSE') {
      throw new UserError(`Port ${wanted} is in use: stop the program that uses it, or choose another one, e.g. PORT=${port + 1000} npm start`)
    }
    if (problem === 'EACCES') throw new UserError(`Port ${wanted} is not allowed for this user: choose one above 1023, e.g. PORT=4000 npm start`)
  }
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<string | null>}
 */
function problemOf(port, host) {
  return new Promise((done) => {
    const probe = createServer()
    // A machine without IPv6 answers EAFNOSUPPORT or EADDRNOTAVAIL: nothing can be in use there.
    probe.once('error', (error) => {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error)
      done(code === 'EADDRINUSE' || code === 'EACCES' ? code : null)
    })
    probe.listen(port, host, () => probe.close(() => done(null)))
  })
}
