export { chooseWelcome } from './chooseWelcome.ts'
export type { Welcome, WelcomeFacts } from './types.ts'
