export { createDocument, listDocuments, listStaffBehaviour, postInteraction, revokeDocument, shareDocument, type TrackedDocument } from './contract.ts'
export { isAllowedTarget } from './isAllowedTarget.ts'
