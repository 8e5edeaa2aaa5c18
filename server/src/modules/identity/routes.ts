import { AppError } from '@qihui/shared/errors'
import {
  decideIdentityReview,
  getConsistency as getConsistencyContract,
  getMergePreview as getMergePreviewContract,
  listIdentityReviews,
  listMerges as listMergesContract,
  recordKeyAct,
  recordKeyActByIntegration,
  undoMerge as undoMergeContract,
} from '@qihui/shared/identity'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { decideReview } from './commands/decideReview.ts'
import { noteKeyAct } from './commands/noteKeyAct.ts'
import { undoMerge } from './commands/undoMerge.ts'
import { miniProgramNamespace } from './namespaces.ts'
import { getConsistency, getMerge, getMergePreview, getReview, listMerges, listReviews } from './queries.ts'

export function identityRoutes(services: Pick<Services, 'db' | 'now' | 'cipher' | 'env'>): Route[] {
  return [
    route(listIdentityReviews, async ({ actor, query, requestId }) => ({ reviews: await listReviews(services, { actor, requestId }, query.state) })),
    route(getMergePreviewContract, ({ actor, params, requestId }) => getMergePreview(services, { actor, requestId }, params.reviewId)),
    route(decideIdentityReview, async ({ actor, params, body, requestId }) => {
      const { reviewId } = params
      const mergeId = await decideReview(services, actor, { reviewId, decision: body.decision, note: body.note ?? null, requestId })
      return { review: await getReview(services, { actor, requestId }, reviewId), mergeId }
    }),
    route(listMergesContract, async ({ actor, requestId }) => ({ merges: await listMerges(services, { actor, requestId }) })),
    route(undoMergeContract, async ({ actor, params, body, requestId }) => {
      await undoMerge(services, actor, { mergeId: params.mergeId, note: body.note ?? null, requestId })
      return getMerge(services, { actor, requestId }, params.mergeId)
    }),
    route(getConsistencyContract, () => getConsistency(services)),
    route(recordKeyAct, async ({ actor }) => {
      const { namespace, openId, unionId, externalUserId } = actor
      return { isQueued: await noteKeyAct(services, { openId: { namespace, value: openId }, unionId, externalUserId }) }
    }),
    route(recordKeyActByIntegration, async ({ actor, body }) => {
      if (!actor.scopes.has('keyActs:write')) throw new AppError('apiKey.scopeMissing')
      const openId = body.openId === undefined ? null : { namespace: miniProgramNamespace(services.env), value: body.openId }
      return { isQueued: await noteKeyAct(services, { openId, unionId: body.unionId, externalUserId: null }) }
    }),
  ]
}
