export { changeContactTags, corpTagSchema, listCorpTags, type CorpTag } from './contract.ts'
export { planTagChange, type TagChange } from './planTagChange.ts'
