export { getSidebarContact, nextStepSchema, refreshContact, timelineEntrySchema, type NextStep, type SidebarContact, type TimelineEntry } from './contract.ts'
export { nextStepFor } from './nextStepFor.ts'
