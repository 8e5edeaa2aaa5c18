/**
 * The gates of the project, by name. A static gate counts as one test; a vitest gate counts its tests.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { BUILD_NAMES, buildIfStale } from './build.mjs'
import { CommandError, runCommand } from './command.mjs'
import { DATA_DIR, pnpm, ROOT } from './workspace.mjs'

/** @typedef {{ passed: number, failed: number, problems: string[] }} Result */
/** @typedef {{ name: string, group: string, title: string, isAlone: boolean, after?: string, run: () => Promise<Result> }} Gate `isAlone`: it uses every core itself; `after`: the earlier gate whose product it reads */

const LOGS = join(DATA_DIR, 'logs')
const REPORTS = join(DATA_DIR, 'reports')
const UNIT_PROJECTS = ['shared', 'server', 'tools', 'sandbox', 'architecture', 'h5-sidebar', 'miniprogram']
const TYPED = { shared: 'tsc', server: 'tsc', 'h5-sidebar': 'vue-tsc', miniprogram: 'vue-tsc', test: 'tsc', tools: 'tsc' }

/**
 * @param {string} program name in node_modules/.bin
 * @param {string} folder package that has it
 */
const bin = (program, folder = '') => join(ROOT, folder, 'node_modules/.bin', program)

/**
 * @param {string} name
 * @param {string} group
 * @param {string} title
 * @param {() => Promise<unknown>} run
 * @returns {Gate}
 */
function staticGate(name, group, title, run) {
  return {
    name,
    group,
    title,
    isAlone: false,
    async run() {
      try {
        await run()
        return { passed: 1, failed: 0, problems: [] }
      } catch (error) {
        return { passed: 0, failed: 1, problems: [error instanceof Error ? error.message : String(error)] }
      }
    },
  }
}

/**
 * @param {string} name
 * @param {string} program
 * @param {string[]} args
 * @param {string} [cwd]
 */
function command(name, program, args, cwd = ROOT) {
  return runCommand(program, args, { cwd, logFile: join(LOGS, `${name}.log`), failure: name })
}

/**
 * @param {string} name
 * @param {string} group
 * @param {string} title
 * @param {string[]} projects
 * @param {{ env?: NodeJS.ProcessEnv, isSerial?: boolean, isAlone?: boolean }} [options] `isSerial`: one file after the other
 * @returns {Gate}
 */
function vitestGate(name, group, title, projects, options = {}) {
  return { name, group, title, isAlone: options.isAlone ?? true, run: () => runVitest(name, projects, options) }
}

/**
 * @param {string} name
 * @param {string[]} projects
 * @param {{ env?: NodeJS.ProcessEnv, isSerial?: boolean }} options
 * @returns {Promise<Result>}
 */
async function runVitest(name, projects, { env = {}, isSerial = false }) {
  const report = join(REPORTS, `${name}.json`)
  mkdirSync(REPORTS, { recursive: true })
  rmSync(report, { force: true })
  const chosen = projects.flatMap((project) => ['--project', project])
  // Left alone, vitest keeps one core for itself: half of a small machine.
  const workers = isSerial ? ['--no-file-parallelism'] : [`--maxWorkers=${availableParallelism()}`]
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  /** @type {string | null} */
  let ending = null
  try {
    await runCommand(bin('vitest'), ['run', ...chosen, ...workers, ...reporters], {
      cwd: ROOT,
      env: { ...process.env, ...env, NO_COLOR: '1' },
      logFile: join(LOGS, `${name}.log`),
      failure: name,
    })
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    ending = error.message
  }
  return readReport(report, ending)
}

/**
 * @param {string} file vitest's JSON report
 * @param {string | null} ending why vitest ended badly
 * @returns {Result}
 */
function readReport(file, ending) {
  /** @type {{ testResults: { name: string, status: string, message?: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[] }} */
  let report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failed: 1, problems: [ending ?? 'vitest wrote no report'] }
  }
  const tests = report.testResults.flatMap(({ name, assertionResults }) => assertionResults.map((test) => ({ file: name, ...test })))
  const failed = tests.filter(({ status }) => status === 'failed')
  // A file that does not load, or a hook that fails, has no failed test of its own.
  const brokenFiles = report.testResults.filter((result) => result.status === 'failed' && !result.assertionResults.some(({ status }) => status === 'failed'))
  const problems = [
    ...failed.map((test) => `${test.file.replace(`${ROOT}/`, '')} › ${test.fullName}\n${firstLines(test.failureMessages?.[0] ?? '')}`),
    ...brokenFiles.map((result) => `${result.name.replace(`${ROOT}/`, '')} did not run\n${firstLines(result.message ?? '')}`),
  ]
  const passed = tests.filter(({ status }) => status === 'passed').length
  if (ending !== null && problems.length === 0) problems.push(ending)
  return { passed, failed: problems.length, problems }
}

/** @param {string} text */
function firstLines(text) {
  return text.split('\n').slice(0, 8).map((line) => `    ${line}`).join('\n')
}

/** Every gate in the order they run; gates that are not alone run two at a time. @type {readonly Gate[]} */
export const GATES = [
  ...BUILD_NAMES.map((name) => staticGate(`build-${name}`, 'build', `build ${name}`, () => buildIfStale(name))),
  staticGate('lint', 'lint', 'lint', () =>
    command('lint', bin('eslint'), ['.', '--max-warnings=0', '--cache', '--cache-location', join(DATA_DIR, 'cache/eslint')]),
  ),
  ...Object.entries(TYPED).map(([name, compiler]) =>
    staticGate(`types-${name}`, 'types', `types of ${name}`, () =>
      command(`types-${name}`, bin(compiler, compiler === 'tsc' ? '' : name), ['--noEmit', '-p', '.'], join(ROOT, name)),
    ),
  ),
  staticGate('imports', 'imports', 'import rules', () =>
    command('imports', bin('depcruise'), ['--config', '.dependency-cruiser.mjs', 'shared', 'server', 'h5-sidebar', 'miniprogram', 'test', 'tools']),
  ),
  staticGate('unused', 'imports', 'unused files, exports and dependencies', () => command('unused', bin('knip'), ['--no-progress', '--no-config-hints'])),
  {
    ...staticGate('gate-miniprogram', 'gate', 'static gate of the mini-program build', () => {
      const [program, ...before] = pnpm()
      return command('gate-miniprogram', program, [...before, 'run', 'gate'], join(ROOT, 'miniprogram'))
    }),
    after: 'build-miniprogram',
  },
  vitestGate('unit', 'unit', 'unit tests', UNIT_PROJECTS),
  // Two instances mostly wait: for a dead line to be given up, for the clock to reach the next minute. Others use the cores meanwhile.
  vitestGate('instances', 'db', 'two instances beside each other', ['instances'], { env: { TEST_PORT_SHARE: '16' }, isSerial: true, isAlone: false }),
  vitestGate('db-18', 'db', 'database tests on PostgreSQL 18', ['server-db', 'fuzz', 'vendor', 'refusals'], { env: { TEST_POSTGRES_MAJOR: '18' }, isAlone: false }),
  vitestGate('db-15', 'db', 'database tests on PostgreSQL 15', ['server-db'], { env: { TEST_POSTGRES_MAJOR: '15' } }),
  vitestGate('faults', 'db', 'kill -9 of everything loses nothing answered', ['faults'], { isSerial: true }),
  vitestGate('e2e', 'e2e', 'end to end in the browser', ['e2e']),
]
