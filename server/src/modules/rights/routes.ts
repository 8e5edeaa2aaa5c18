import { grantRole as grantContract, listRights, revokeRole as revokeContract, searchStaff, setRightsModel as modelContract } from '@qihui/shared/rights'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import type { StaffSessions } from '../staff/sessions.ts'
import { grantRole, revokeRole, setRightsModel } from './commands.ts'
import { findStaff, getRights } from './queries.ts'

/** The page of roles and rights. @param sessions forget what they knew, so that this process follows at once */
export function rightsRoutes(services: Pick<Services, 'env' | 'db' | 'now'>, sessions: Pick<StaffSessions, 'forgetRights'>): Route[] {
  return [
    route(listRights, ({ actor }) => getRights(services, actor)),
    route(searchStaff, ({ actor, query }) => findStaff(services, actor, query.text)),
    route(grantContract, async ({ actor, body, requestId }) => {
      const granted = await grantRole(services, actor, body, requestId)
      sessions.forgetRights()
      return granted
    }),
    route(revokeContract, async ({ actor, params, requestId }) => {
      await revokeRole(services, actor, params.grantId, requestId)
      sessions.forgetRights()
      return { isRevoked: true }
    }),
    route(modelContract, async ({ actor, body, requestId }) => {
      await setRightsModel(services, actor, body, requestId)
      sessions.forgetRights()
      return body
    }),
  ]
}
