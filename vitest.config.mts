/**
 * All tests of the workspace. `pnpm exec vitest run --project shared` runs one room; the projects of the two clients keep their
 * settings in their own package. Database tests are `*.db.test.ts`: they find a running cluster in TEST_DATABASE_URL.
 */
import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const DATABASE_SETUP = ['./test/setup/database.ts']
const clients = ['h5-sidebar/vitest.config.mts', 'miniprogram/vitest.config.mts'].filter((path) => existsSync(path))

/** Starts that end by themselves: nothing is killed, so they need no machine to themselves as the other faults do. */
const REFUSALS = ['test/faults/startRefusals.test.ts']
/** Nothing is measured in it but whether the product keeps its promises in time, and most of that time it waits. */
const INSTANCES = ['test/faults/twoInstances.test.ts']

/** Asks for the built pages as well, which the other tests of the folder leave alone. */
const OUTLETS = ['test/vendor/canaryOutlets.db.test.ts']

/** The files of one worker share what they import: loading the server anew for each file costs more than its tests. */
const isolate = false

function node(name: string, include: string[], options: Record<string, unknown> = {}) {
  return { test: { name, include, environment: 'node' as const, isolate, ...options } }
}

export default defineConfig({
  test: {
    projects: [
      node('shared', ['shared/src/**/*.test.ts'], { testTimeout: 30_000 }),
      node('server', ['server/src/**/*.test.ts'], { exclude: ['**/*.db.test.ts'], testTimeout: 30_000 }),
      node('server-db', ['server/src/**/*.db.test.ts'], { globalSetup: DATABASE_SETUP, testTimeout: 60_000, hookTimeout: 60_000 }),
      node('tools', ['tools/**/*.test.ts', 'test/load/**/*.test.ts', 'test/factories/**/*.test.ts'], { testTimeout: 60_000 }),
      node('sandbox', ['test/sandbox/**/*.test.ts'], { testTimeout: 60_000 }),
      node('architecture', ['test/architecture/**/*.test.ts'], { testTimeout: 120_000, hookTimeout: 120_000 }),
      node('fuzz', ['test/fuzz/**/*.test.ts'], { globalSetup: DATABASE_SETUP, testTimeout: 240_000, hookTimeout: 60_000 }),
      node('vendor', ['test/vendor/**/*.db.test.ts'], { exclude: OUTLETS, globalSetup: DATABASE_SETUP, testTimeout: 120_000, hookTimeout: 60_000 }),
      node('outlets', OUTLETS, { globalSetup: DATABASE_SETUP, testTimeout: 120_000, hookTimeout: 60_000 }),
      node('faults', ['test/faults/**/*.test.ts'], { exclude: [...REFUSALS, ...INSTANCES], testTimeout: 120_000, hookTimeout: 60_000 }),
      node('instances', INSTANCES, { testTimeout: 120_000, hookTimeout: 60_000 }),
      node('refusals', REFUSALS, { testTimeout: 120_000, hookTimeout: 60_000 }),
      node('e2e', ['test/e2e/**/*.e2e.ts'], {
        globalSetup: DATABASE_SETUP,
        testTimeout: 180_000,
        hookTimeout: 180_000,
      }),
      ...clients,
    ],
  },
})
