/** Mutation test of the tier rules: `pnpm mutation`. A change of a rule that no test notices counts as survived. */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'tools/vitest.mutation.mts' },
  mutate: ['shared/src/tier/*.ts', '!shared/src/tier/*.test.ts', '!shared/src/tier/{contract,rulesContract,index,types}.ts'],
  coverageAnalysis: 'perTest',
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 92, break: 90 },
  concurrency: 2,
  tempDirName: '.data/stryker',
  ignorePatterns: ['.data', '**/dist', 'docs', 'server', 'test', 'h5-sidebar', 'miniprogram'],
}
