/**
 * The gates of the project, by name. A static gate counts as one test; a vitest gate counts its tests.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { BUILD_NAMES, buildIfStale, productFolder } from './build.mjs'
import { CommandError, runCommand } from './command.mjs'
import { DATA_DIR, pnpm, ROOT } from './workspace.mjs'

/** @typedef {{ passed: number, failed: number, problems: string[] }} Result */
/**
 * `after`: earlier gates it waits for, as those whose products it reads. `reads`: its folders beside the files at the root and
 * tools, `.` being everything git does not ignore; `products`: what it reads of what git ignores. Without `reads` it is run each time.
 * @typedef {{
 *   name: string, group: string, title: string, after?: readonly string[],
 *   reads?: readonly string[], products?: readonly string[], run: () => Promise<Result>
 * }} Gate
 */

const LOGS = join(DATA_DIR, 'logs')
const REPORTS = join(DATA_DIR, 'reports')
/** For whoever uses the whole product, or looks at every file. */
const EVERYTHING = { reads: ['.'], products: BUILD_NAMES.map(productFolder) }
/** The server and the sandbox, without the clients and their pages. */
const OF_THE_SERVER = { reads: ['shared', 'server', 'test'], products: [productFolder('server')] }

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
 * @param {Partial<Gate>} [inputs]
 * @returns {Gate}
 */
function staticGate(name, group, title, run, inputs = {}) {
  return {
    name,
    group,
    title,
    ...inputs,
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
 * The native compiler, by its path: `.bin/tsc` may be either of the two that are installed.
 * @param {string} name of a package without Vue
 * @param {string[]} reads
 */
function nativeTypes(name, reads) {
  const args = [join(ROOT, 'node_modules/typescript-native/bin/tsc'), '--noEmit', '-p', '.']
  return typesGate(name, process.execPath, args, reads)
}

/**
 * The native compiler knows no Vue; the other one is slow, and remembers what it has checked.
 * @param {string} name
 */
function vueTypes(name) {
  const args = ['--noEmit', '-p', '.', '--incremental', '--tsBuildInfoFile', join(DATA_DIR, 'cache', `types-${name}.tsbuildinfo`)]
  return typesGate(name, bin('vue-tsc', name), args, [name, 'shared'])
}

/**
 * @param {string} name of a package
 * @param {string} program
 * @param {string[]} args
 * @param {string[]} reads
 */
function typesGate(name, program, args, reads) {
  const gate = `types-${name}`
  return staticGate(gate, 'types', `types of ${name}`, () => command(gate, program, args, join(ROOT, name)), { reads })
}

/**
 * @param {string} name
 * @param {string} group
 * @param {string} title
 * @param {string[]} projects
 * @param {Partial<Gate> & { env?: NodeJS.ProcessEnv, isSerial?: boolean }} options `isSerial`: one file after the other
 * @returns {Gate}
 */
function vitestGate(name, group, title, projects, { env = {}, isSerial = false, ...gate }) {
  return { name, group, title, ...gate, run: () => runVitest(name, projects, env, isSerial) }
}

/**
 * Two at a time with one worker each, so that a change in one package does not run the tests of the others.
 * @param {string} name
 * @param {string} title
 * @param {string[]} projects
 * @param {Partial<Gate>} inputs
 */
function unitGate(name, title, projects, inputs) {
  return vitestGate(`unit-${name}`, 'unit', `unit tests of ${title}`, projects, { isSerial: true, ...inputs })
}

/**
 * @param {string} name
 * @param {string[]} projects
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} isSerial
 * @returns {Promise<Result>}
 */
async function runVitest(name, projects, env, isSerial) {
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

const LINT = ['.', '--max-warnings=0', '--cache', '--cache-location', join(DATA_DIR, 'cache/eslint')]
const IMPORTS = ['--config', '.dependency-cruiser.mjs', 'shared', 'server', 'h5-sidebar', 'miniprogram', 'test', 'tools']
const UNUSED = ['--no-progress', '--no-config-hints']
const BUILT = BUILD_NAMES.map((name) => `build-${name}`)
const MINIPROGRAM = { reads: ['miniprogram', 'shared'], products: [productFolder('miniprogram')], after: ['build-miniprogram'] }

/** The longest first, so that the shorter ones fill the other half of its time. */
const UNIT = [
  unitGate('h5-sidebar', 'h5-sidebar', ['h5-sidebar'], { reads: ['h5-sidebar', 'shared'] }),
  unitGate('sandbox', 'the sandbox', ['sandbox'], OF_THE_SERVER),
  unitGate('shared', 'shared', ['shared'], { reads: ['shared'] }),
  unitGate('miniprogram', 'the mini-program', ['miniprogram'], MINIPROGRAM),
  unitGate('tools', 'the tools and the rules', ['tools', 'architecture'], { reads: ['.'] }),
  unitGate('server', 'the server', ['server'], { reads: ['shared', 'server', 'docs'] }),
]
/** Every gate in the order they begin, two at a time. @type {readonly Gate[]} */
export const GATES = [
  ...BUILD_NAMES.map((name) => staticGate(`build-${name}`, 'build', `build ${name}`, () => buildIfStale(name))),
  staticGate('lint', 'lint', 'lint', () => command('lint', bin('eslint'), LINT), EVERYTHING),
  vueTypes('h5-sidebar'),
  vueTypes('miniprogram'),
  nativeTypes('shared', ['shared']),
  nativeTypes('server', ['server', 'shared']),
  nativeTypes('test', ['test', 'server', 'shared']),
  nativeTypes('tools', ['test']),
  staticGate('imports', 'imports', 'import rules', () => command('imports', bin('depcruise'), IMPORTS), EVERYTHING),
  staticGate('unused', 'imports', 'unused files, exports and dependencies', () => command('unused', bin('knip'), UNUSED), EVERYTHING),
  staticGate(
    'gate-miniprogram',
    'gate',
    'static gate of the mini-program build',
    () => {
      const [program, ...before] = pnpm()
      return command('gate-miniprogram', program, [...before, 'run', 'gate'], join(ROOT, 'miniprogram'))
    },
    MINIPROGRAM,
  ),
  ...UNIT,
  // The two that use every core begin one after the other. Beside them those with one worker take their turns: they mostly wait, for a
  // dead line to be given up, a dead worker's jobs to be found, the clock to reach the next minute.
  vitestGate('instances', 'db', 'two instances beside each other', ['instances'], {
    ...OF_THE_SERVER, env: { TEST_PORT_SHARE: '16' }, isSerial: true, after: BUILT,
  }),
  vitestGate('db-18', 'db', 'database tests on PostgreSQL 18', ['server-db', 'fuzz', 'vendor', 'refusals'], {
    ...OF_THE_SERVER, env: { TEST_POSTGRES_MAJOR: '18' }, after: BUILT,
  }),
  vitestGate('faults', 'db', 'kill -9 of everything loses nothing answered', ['faults'], {
    ...OF_THE_SERVER, env: { TEST_PORT_SHARE: '15' }, isSerial: true, after: BUILT,
  }),
  vitestGate('outlets', 'db', 'nothing personal in pages, files and figures', ['outlets'], { ...EVERYTHING, isSerial: true, after: BUILT }),
  vitestGate('e2e', 'e2e', 'end to end in the browser', ['e2e'], { ...EVERYTHING, after: BUILT }),
  vitestGate('db-15', 'db', 'database tests on PostgreSQL 15', ['server-db'], {
    ...OF_THE_SERVER, env: { TEST_POSTGRES_MAJOR: '15' }, isSerial: true, after: BUILT,
  }),
]
