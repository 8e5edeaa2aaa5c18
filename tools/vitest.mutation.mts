import { defineConfig } from 'vitest/config'

/** The tests a mutant of the tier rules has to survive. */
export default defineConfig({ test: { include: ['shared/src/tier/*.test.ts'], testTimeout: 120_000 } })
