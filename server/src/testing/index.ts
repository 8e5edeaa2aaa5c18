export { createTestDatabase } from './createTestDatabase.ts'
export { createTestServices, testEnv, type TestServices } from './createTestServices.ts'
