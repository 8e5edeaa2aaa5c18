export { wecomCallQuota, type QuotaWindow } from './callQuota.ts'
export { getHealth } from './contract.ts'
