export { changeContactTags, corpTagSchema, listCorpTags, type CorpTag } from './contract.ts'
export { desiredTierTag, type TierTagFacts } from './desiredTierTag.ts'
export { handEditOf, type HandEdit } from './handEditOf.ts'
export {
  changeTagLibrary,
  corpTagChangeSchema,
  getTagLibrary,
  refreshTagLibrary,
  type AskedTagChange,
  type CorpTagChange,
  type LibraryGroup,
  type LibraryTag,
} from './libraryContract.ts'
export { nextTagReview } from './nextTagReview.ts'
export { planTagChange, type TagChange } from './planTagChange.ts'
export { managedGroupNames, maxCorpTags, refusalOfLibraryChange } from './refusalOfLibraryChange.ts'
export { getTagReview, startTagReview, type TagReviewRow } from './reviewContract.ts'
