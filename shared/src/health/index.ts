export { wecomCallQuota, type QuotaWindow } from './callQuota.ts'
export { getHealth } from './contract.ts'
export {
  deadLetterBatchSize,
  deadLetterPageSize,
  discardDeadLetters,
  discardReasons,
  listDeadLetterQueues,
  listDeadLetters,
  replayDeadLetters,
  type DeadLetter,
  type DeadLetterChoice,
  type DeadLetterQueue,
} from './deadLetters.ts'
