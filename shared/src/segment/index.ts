export {
  createSegment,
  deleteSegment,
  listSegments,
  maxSegments,
  pauseSegment,
  previewSegment,
  refreshSegment,
  segmentConditionSchema,
  segmentDraftSchema,
  updateSegment,
  type AnswerField,
  type Segment,
  type SegmentCondition,
} from './contract.ts'
export { segmentProblems, type SegmentWorld } from './segmentProblems.ts'
