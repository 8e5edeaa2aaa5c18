export { runDoctor } from './contract.ts'
export { diagnose } from './diagnose.ts'
export type { CallbackRefusalReason, DoctorFacts, EchoAnswer, Finding, FindingOutcome, Probe, Sighting, SilenceCause, VendorCause } from './types.ts'
