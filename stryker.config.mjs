/**
 * Mutation test of the rules that decide over tiers, rights and approvals: `pnpm mutation`, or one file of them with `pnpm mutation -m shared/src/rights/mayGrant.ts`.
 * A change of a rule that no test notices counts as survived.
 */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'tools/vitest.mutation.mts' },
  mutate: ['shared/src/{tier,rights,approval}/*.ts', '!shared/src/{tier,rights,approval}/*.test.ts', '!shared/src/{tier,rights,approval}/{contract,rulesContract,index,types,purposes}.ts'],
  coverageAnalysis: 'perTest',
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 92, break: 90 },
  concurrency: 2,
  tempDirName: '.data/stryker',
  ignorePatterns: ['.data', '**/dist', 'docs', 'server', 'test', 'h5-sidebar', 'miniprogram'],
}
