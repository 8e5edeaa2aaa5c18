export { createTestDatabase } from './createTestDatabase.ts'
export { createTestServices, testEnv, type TestServices } from './createTestServices.ts'
export { publishPolicies } from '../modules/consent/commands.ts'
export { publishForms } from '../modules/form/commands.ts'
