import {
  cancelApproval, decideApproval as decideContract, listApprovalDesk as deskContract, listApprovals as listContract, listContactApprovals as contactContract, requestApproval as requestContract,
  revealFields as revealContract, reviewBreakGlass as reviewContract, revokeApproval,
} from '@qihui/shared/approval'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { decideApproval } from './commands/decideApproval.ts'
import { endApproval } from './commands/endApproval.ts'
import { requestApproval } from './commands/requestApproval.ts'
import { revealFields } from './commands/revealFields.ts'
import { reviewBreakGlass } from './commands/reviewBreakGlass.ts'
import { listApprovalDesk, listApprovals, listContactApprovals } from './queries.ts'

/** Second approval of sensitive fields: asked beside the chat, decided there or in the console (R86). */
export function approvalRoutes(services: Pick<Services, 'db' | 'env' | 'now' | 'cipher' | 'forms' | 'log'>): Route[] {
  return [
    route(requestContract, ({ actor, params, body, requestId }) => requestApproval(services, actor, params.externalUserId, body, requestId)),
    route(contactContract, ({ actor, params }) => listContactApprovals(services, actor, params.externalUserId)),
    // Never remembered by an idempotency key: the answer holds what was opened.
    route(revealContract, ({ actor, params, body, requestId }) => revealFields(services, actor, params.externalUserId, body, requestId)),
    route(listContract, ({ actor }) => listApprovals(services, actor)),
    route(decideContract, ({ actor, params, body, requestId }) => decideApproval(services, actor, params.approvalId, body, requestId)),
    route(cancelApproval, ({ actor, params, requestId }) => endApproval(services, actor, params.approvalId, 'cancel', requestId)),
    route(revokeApproval, ({ actor, params, requestId }) => endApproval(services, actor, params.approvalId, 'revoke', requestId)),
    route(reviewContract, ({ actor, params, body, requestId }) => reviewBreakGlass(services, actor, params.approvalId, body, requestId)),
    route(deskContract, ({ actor }) => listApprovalDesk(services, actor)),
  ]
}
