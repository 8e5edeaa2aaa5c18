/** One long-running program of the product: its output goes to a log file, its end is noticed. */
import { spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { lastLines, openLog } from './command.mjs'

/**
 * @typedef {object} Service
 * @property {string} name
 * @property {number} pid
 * @property {Promise<string>} ended resolves with a line that says how it ended
 * @property {() => Promise<void>} stop asks it to end, and after its time is up makes it
 */

const READY_POLL_MS = 50

/**
 * @param {{ name: string, args: string[], cwd: string, env: Record<string, string>, logFile: string, stopTimeoutMs: number }} options `args` of node
 * @returns {Service}
 */
export function startService({ name, args, cwd, env, logFile, stopTimeoutMs }) {
  const log = openLog(logFile)
  // Its own process group: Ctrl-C in the terminal must not reach it before its turn.
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  /** @type {Promise<string>} */
  const ended = new Promise((done) => {
    child.once('error', (error) => done(`${name} did not start: ${error.message}`))
    child.once('exit', (code, signal) => done(`${name} ended with ${signal ?? code}:\n${lastLines(logFile)}\nWhole log: ${logFile}`))
  })
  return {
    name,
    pid: child.pid ?? 0,
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
      await ended
      clearTimeout(timer)
    },
  }
}

/**
 * Waits until an address answers 200.
 * @param {string} url
 * @param {{ timeoutMs: number, abort: Promise<string> }} options `abort` resolves when waiting became pointless
 * @throws when it takes longer, or with the line of `abort`
 */
export async function waitForAnswer(url, { timeoutMs, abort }) {
  /** @type {string | null} */
  let reason = null
  void abort.then((line) => (reason = line))
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    if (reason !== null) throw new Error(reason)
    if (await answers(url)) return
    await delay(READY_POLL_MS)
  }
  throw new Error(`${url} did not answer within ${timeoutMs / 1000} s`)
}

/** @param {string} url */
async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await response.arrayBuffer()
    return response.status === 200
  } catch {
    return false
  }
}
