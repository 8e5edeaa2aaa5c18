/** Runs programs whose output only matters when they fail. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()

/** A program ended badly; the message carries the end of its output and where the whole of it is. */
export class CommandError extends Error {}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, logFile: string, failure: string }} options `failure` begins the message
 * @returns {Promise<void>}
 * @throws {CommandError}
 */
export async function runCommand(program, args, { cwd, env = process.env, logFile, failure }) {
  const log = openLog(logFile)
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', log, log], shell: process.platform === 'win32' })
  closeSync(log)
  running.add(child)
  /** @type {string | null} */
  const problem = await new Promise((done) => {
    child.once('error', (error) => done(error.message))
    child.once('exit', (code, signal) => done(code === 0 ? null : `ended with ${signal ?? code}`))
  })
  running.delete(child)
  if (problem !== null) throw new CommandError(`${failure}: ${program} ${problem}\n${lastLines(logFile)}\nWhole log: ${relative(process.cwd(), logFile)}`)
}

/** Ends what `runCommand` still runs, for a stop in the middle of it. */
export function stopCommands() {
  for (const child of running) child.kill('SIGTERM')
}

/**
 * A log only the user may read, emptied.
 * @param {string} file
 */
export function openLog(file) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o711 })
  return openSync(file, 'w', 0o600)
}

/**
 * @param {string} file
 * @param {number} [count]
 */
export function lastLines(file, count = 20) {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n') : ''
}
