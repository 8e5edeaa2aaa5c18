/**
 * Who may import whom: the rules of docs/architecture.md that look at more than one file (the numbers are hers).
 * Each has a violation in test/architecture that proves it bites.
 */

const TEST_FILES = '\\.(test|e2e)\\.ts$|/testing/|^test/|/vitest\\.config\\.mts$|^(miniprogram|h5-sidebar)/(test|tools|dist\\.test)'
const PRODUCT = '^(shared|server|h5-sidebar|miniprogram)/src/'
const MODULE = '^server/src/modules/[^/]+/'

/** @param {string} name */
const npm = (name) => `(^|/)node_modules/${name}(/|$)`

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: '1-shared-stands-alone',
      comment: 'shared decides with nothing but itself, the schema library, Temporal for calendar days (ADR 0015) and CASL for rights (ADR 0018).',
      severity: 'error',
      from: { path: '^shared/src/', pathNot: TEST_FILES },
      to: { pathNot: ['^shared/src/', npm('valibot'), npm('temporal-polyfill'), npm('@casl/ability')] },
    },
    {
      name: '1-casl-behind-rights',
      comment: 'Asked about a type, CASL answers "for at least one": only shared/src/rights asks it, and about instances (ADR 0018).',
      severity: 'error',
      from: { pathNot: ['^shared/src/rights/', '(^|/)node_modules/'] },
      to: { path: npm('@casl/ability') },
    },
    {
      name: '3-packages-meet-in-shared',
      comment: 'Server and clients know of each other only what @qihui/shared says.',
      severity: 'error',
      from: { path: '^(server|h5-sidebar|miniprogram)/', pathNot: TEST_FILES },
      to: { path: '^(server|h5-sidebar|miniprogram|test)/', pathNot: '^$1/' },
    },
    {
      name: '3-shared-through-its-nouns',
      comment: 'Import @qihui/shared/<noun>, not a file inside it.',
      severity: 'error',
      from: { path: '^(server|h5-sidebar|miniprogram|test)/' },
      to: { path: '^shared/', pathNot: '^shared/src/[^/]+/index\\.ts$' },
    },
    {
      name: '3-no-relative-path-out-of-a-package',
      comment: 'A package is reached by its name.',
      severity: 'error',
      from: { path: '^(server|h5-sidebar|miniprogram|test|tools)/' },
      to: { path: '^shared/src/', dependencyTypes: ['local'] },
    },
    {
      name: '4-vendors-stay-at-the-edge',
      comment: 'A vendor, a mail or an SMS server is called by doors and roots only, so no network call can happen inside a transaction.',
      severity: 'error',
      from: {
        path: '^server/src/',
        pathNot: [TEST_FILES, '^server/src/(main|app|worker|services|createServices)\\.ts$', '^server/src/(wecom|wechat|messaging|callbacks)/', `${MODULE}(routes|handlers)(\\.ts$|/)`],
      },
      to: { path: '^server/src/(wecom|wechat|messaging)/' },
    },
    {
      name: '5-koa-at-the-doors',
      comment: 'Commands and queries do not know they are behind HTTP.',
      severity: 'error',
      from: {
        path: '^server/src/',
        pathNot: [TEST_FILES, '^server/src/(main|app|worker|services|createServices)\\.ts$', '^server/src/(http|callbacks)/', `${MODULE}routes(\\.ts$|/)`],
      },
      to: { path: ['(^|/)node_modules/(@types/)?koa(/|-)', npm('@koa')] },
    },
    {
      name: '6-commands-do-not-chain',
      comment: 'Commands share steps and jobs, never each other: one use case, one transaction.',
      severity: 'error',
      from: { path: `${MODULE}commands(\\.ts$|/)`, pathNot: [TEST_FILES, '/commands/index\\.ts$'] },
      to: { path: `${MODULE}commands(\\.ts$|/)` },
    },
    {
      name: '7-handlers-run-in-the-worker',
      comment: 'Only the worker opens the job door.',
      severity: 'error',
      from: { pathNot: [TEST_FILES, '^server/src/worker\\.ts$'] },
      to: { path: `${MODULE}handlers\\.ts$` },
    },
    {
      name: '8-wire-types-stay-in-their-edge',
      comment: 'Vendor spelling stops at the edge.',
      severity: 'error',
      from: { path: '^server/src/([^/]+)/' },
      to: { path: '\\.wire\\.ts$', pathNot: '^server/src/$1/' },
    },
    {
      name: '9-entries-do-not-meet',
      comment: 'sidebar, invite and console share components, composables, api and wecom, not each other.',
      severity: 'error',
      from: { path: '^h5-sidebar/src/(sidebar|invite|console)/' },
      to: { path: '^h5-sidebar/src/(sidebar|invite|console)/', pathNot: '^h5-sidebar/src/$1/' },
    },
    {
      name: '10-components-only-show',
      comment: 'A component gets its data as props: no api, store or router.',
      severity: 'error',
      from: { path: '^(h5-sidebar|miniprogram)/src/.*components/', pathNot: TEST_FILES },
      to: { path: ['^(h5-sidebar|miniprogram)/src/.*(api|stores|wecom|platform)/', '/router\\.ts$', npm('vue-router'), npm('pinia'), npm('axios')] },
    },
    {
      name: '12-no-cycles',
      comment: 'Dependencies go one way.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: '12-no-orphans',
      comment: 'A file nobody imports is either a root or rubbish.',
      severity: 'error',
      from: {
        orphan: true,
        path: PRODUCT,
        pathNot: [TEST_FILES, '\\.d\\.ts$', '(^|/)(main|seed|doctor|complianceReport|app|worker|env)\\.ts$', '\\.config\\.ts$', '/pages/[^/]+/index\\.vue$'],
      },
      to: {},
    },
    {
      name: '12-production-without-tests',
      comment: 'What ships never imports what tests it.',
      severity: 'error',
      from: { path: PRODUCT, pathNot: TEST_FILES },
      to: { path: TEST_FILES },
    },
    {
      name: '12-no-unresolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: { path: '^(shared|server|test|tools)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^[^/]+/dist/|^test/output/|^\\.data/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.mts', '.d.ts', '.vue', '.js', '.mjs', '.json'],
    },
  },
}
