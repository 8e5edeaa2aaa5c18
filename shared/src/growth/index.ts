export { growthForOrder, growthToReverse, registrationGrowth } from './awards.ts'
export { postOrder, refundOrder } from './contract.ts'
