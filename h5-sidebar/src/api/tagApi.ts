import type { AskedTagChange, changeTagLibrary, getTagLibrary, getTagReview, refreshTagLibrary, startTagReview } from '@qihui/shared/corp-tag'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { createSegment, deleteSegment, listSegments, pauseSegment, previewSegment, refreshSegment, Segment, SegmentCondition, updateSegment } from '@qihui/shared/segment'
import type { Http } from './http.ts'

export type TagLibrary = ResponseOf<typeof getTagLibrary>
export type TagChangeDraft = BodyOf<typeof changeTagLibrary>
export type TagReview = ResponseOf<typeof getTagReview>
export type SegmentList = ResponseOf<typeof listSegments>
export type SegmentDraft = BodyOf<typeof createSegment>
export type SegmentPreview = ResponseOf<typeof previewSegment>

/** What the console asks about tags and segments. */
export interface TagApi {
  tagLibrary(): Promise<TagLibrary>
  changeTagLibrary(change: TagChangeDraft, idempotencyKey: string): Promise<AskedTagChange>
  refreshTagLibrary(): Promise<void>
  tagReview(): Promise<TagReview>
  startTagReview(): Promise<void>
  segments(): Promise<SegmentList>
  previewSegment(conditions: SegmentCondition[]): Promise<SegmentPreview>
  createSegment(draft: SegmentDraft, idempotencyKey: string): Promise<Segment>
  updateSegment(segmentId: string, draft: SegmentDraft, idempotencyKey: string): Promise<Segment>
  pauseSegment(segmentId: string, isPaused: boolean): Promise<Segment>
  refreshSegment(segmentId: string): Promise<Segment>
  deleteSegment(segmentId: string): Promise<Segment>
}

export function createTagApi(http: Http): TagApi {
  const path = '/api/console/segments'
  return {
    tagLibrary: () => http<typeof getTagLibrary>({ method: 'GET', path: '/api/console/corp-tags' }),
    changeTagLibrary: (body, idempotencyKey) => http<typeof changeTagLibrary>({ method: 'POST', path: '/api/console/corp-tags/changes', body, idempotencyKey }),
    async refreshTagLibrary() {
      await http<typeof refreshTagLibrary>({ method: 'POST', path: '/api/console/corp-tags/refresh' })
    },
    tagReview: () => http<typeof getTagReview>({ method: 'GET', path: '/api/console/tier-tags' }),
    async startTagReview() {
      await http<typeof startTagReview>({ method: 'POST', path: '/api/console/tier-tags/review' })
    },
    segments: () => http<typeof listSegments>({ method: 'GET', path }),
    previewSegment: (conditions) => http<typeof previewSegment>({ method: 'POST', path: '/api/console/segments/preview', body: { conditions } }),
    createSegment: (body, idempotencyKey) => http<typeof createSegment>({ method: 'POST', path, body, idempotencyKey }),
    updateSegment: (segmentId, body, idempotencyKey) => http<typeof updateSegment>({ method: 'PUT', path: '/api/console/segments/:segmentId', params: { segmentId }, body, idempotencyKey }),
    pauseSegment: (segmentId, isPaused) => http<typeof pauseSegment>({ method: 'POST', path: '/api/console/segments/:segmentId/pause', params: { segmentId }, body: { isPaused } }),
    refreshSegment: (segmentId) => http<typeof refreshSegment>({ method: 'POST', path: '/api/console/segments/:segmentId/refresh', params: { segmentId } }),
    deleteSegment: (segmentId) => http<typeof deleteSegment>({ method: 'POST', path: '/api/console/segments/:segmentId/deletion', params: { segmentId } }),
  }
}
