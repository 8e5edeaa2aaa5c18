import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { grantRole, listRights, revokeRole, RightsOverview, searchStaff, setRightsModel } from '@qihui/shared/rights'
import type { Http } from './http.ts'

export type GrantDraft = BodyOf<typeof grantRole>
export type RightsModelDraft = BodyOf<typeof setRightsModel>
export type FoundStaff = ResponseOf<typeof searchStaff>['staff'][number]

/** What the console asks about roles and rights. */
export interface RightsApi {
  rights(): Promise<RightsOverview>
  searchStaff(text: string): Promise<FoundStaff[]>
  grantRole(draft: GrantDraft, idempotencyKey: string): Promise<void>
  revokeRole(grantId: string): Promise<void>
  setRightsModel(draft: RightsModelDraft): Promise<void>
}

export function rightsCalls(http: Http): RightsApi {
  return {
    rights: () => http<typeof listRights>({ method: 'GET', path: '/api/console/rights' }),
    searchStaff: async (text) => (await http<typeof searchStaff>({ method: 'GET', path: '/api/console/rights/staff', query: { text } })).staff,
    async grantRole(body, idempotencyKey) {
      await http<typeof grantRole>({ method: 'POST', path: '/api/console/rights/grants', body, idempotencyKey })
    },
    async revokeRole(grantId) {
      await http<typeof revokeRole>({ method: 'POST', path: '/api/console/rights/grants/:grantId/revocation', params: { grantId } })
    },
    async setRightsModel(body) {
      await http<typeof setRightsModel>({ method: 'PUT', path: '/api/console/rights/model', body })
    },
  }
}
