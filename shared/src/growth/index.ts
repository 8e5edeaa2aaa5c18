export { growthForOrder, registrationGrowth } from './awards.ts'
export { postOrder } from './contract.ts'
