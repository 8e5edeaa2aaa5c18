import {
  createSegment as createSegmentContract,
  deleteSegment as deleteSegmentContract,
  listSegments as listSegmentsContract,
  pauseSegment as pauseSegmentContract,
  previewSegment as previewSegmentContract,
  refreshSegment as refreshSegmentContract,
  updateSegment as updateSegmentContract,
} from '@qihui/shared/segment'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { askRefresh, changeSegment, createSegment, deleteSegment, pauseSegment } from './commands.ts'
import { listSegments, previewSegment } from './queries.ts'

export function segmentRoutes(services: Pick<Services, 'db' | 'now' | 'cipher'>): Route[] {
  return [
    route(listSegmentsContract, () => listSegments(services)),
    route(createSegmentContract, ({ actor, body }) => createSegment(services, actor, body)),
    route(previewSegmentContract, ({ body }) => previewSegment(services, body.conditions)),
    route(updateSegmentContract, ({ actor, params, body }) => changeSegment(services, actor, params.segmentId, body)),
    route(pauseSegmentContract, ({ actor, params, body }) => pauseSegment(services, actor, params.segmentId, body.isPaused)),
    route(refreshSegmentContract, ({ actor, params }) => askRefresh(services, actor, params.segmentId)),
    route(deleteSegmentContract, ({ actor, params }) => deleteSegment(services, actor, params.segmentId)),
  ]
}
