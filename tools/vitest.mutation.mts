import { defineConfig } from 'vitest/config'

/** The tests a mutant of the rules has to survive. */
export default defineConfig({ test: { include: ['shared/src/{tier,rights,approval}/*.test.ts'], testTimeout: 120_000 } })
