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
  type Identifier,
} from '@qihui/shared/identity'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { sessionIdentifiers } from '../member/sessionIdentifiers.ts'
import { decideReview } from './commands/decideReview.ts'
import { noteKeyAct } from './commands/noteKeyAct.ts'
import { undoMerge } from './commands/undoMerge.ts'
import { miniProgramNamespace, unionIdNamespace } from './namespaces.ts'
import { getConsistency, getMerge, getMergePreview, getReview, listMerges, listReviews } from './queries.ts'

export function identityRoutes(services: Pick<Services, 'db' | 'now' | 'cipher' | 'env'>): Route[] {
  const { env } = services
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
    route(recordKeyAct, async ({ actor }) => ({ isQueued: await noteKeyAct(services, sessionIdentifiers(env, actor)) })),
    route(recordKeyActByIntegration, async ({ actor, body: { unionId, openId } }) => {
      if (!actor.scopes.has('keyActs:write')) throw new AppError('apiKey.scopeMissing')
      const shown: Identifier[] = [{ namespace: unionIdNamespace(env), value: unionId }]
      if (openId !== undefined) shown.push({ namespace: miniProgramNamespace(env), value: openId })
      return { isQueued: await noteKeyAct(services, shown) }
    }),
  ]
}
