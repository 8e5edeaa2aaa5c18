import { AppError } from '@qihui/shared/errors'
import type { Services } from '../../services.ts'
import { createOauthStates, type OauthArrival } from './oauthStates.ts'
import { ownPath } from './returnTo.ts'
import type { StaffLogin, StaffSessions } from './sessions.ts'

/** A finished login. */
export interface OauthLogin {
  readonly sessionToken: string
  readonly returnTo: string
}

/** Login of employees by WeCom's authorise page (R21, platform 3.1-3.2). */
export interface StaffOauth {
  /** Notes the state for this browser. @returns the address of the authorise page. @throws AppError `oauth.returnToRefused` */
  start(returnTo: string | undefined, browserToken: string): Promise<string>
  /**
   * Turns a code into a session; a repeat of the same browser gets the same session.
   * @param previousToken token of the session this browser holds already
   * @throws AppError `oauth.stateInvalid`, `oauth.codeInvalid`, `staff.notMember`, `staff.outOfScope`
   */
  finish(arrival: OauthArrival, previousToken: string | undefined): Promise<OauthLogin>
}

type OauthServices = Pick<Services, 'env' | 'db' | 'now' | 'cipher' | 'wecom'>

/** WeCom's silent authorise page (platform 3.1). @param callbackPath where it leads back to */
export function wecomAuthorizeUrl(env: OauthServices['env'], callbackPath: string, state: string): string {
  // WeCom compares the order of these parameters and needs the fragment at the end (platform 3.1).
  const query = new URLSearchParams([
    ['appid', env.wecom.corpId],
    ['redirect_uri', `${env.publicUrl}${callbackPath}`],
    ['response_type', 'code'],
    ['scope', 'snsapi_base'],
    ['state', state],
    ['agentid', env.wecom.agentId],
  ])
  return `${env.wecom.openBase.replace(/\/+$/, '')}/connect/oauth2/authorize?${query.toString()}#wechat_redirect`
}

/** The employee with this id, who may log in. @throws AppError `staff.outOfScope` */
export async function requireVisibleStaff({ wecom }: Pick<Services, 'wecom'>, staffUserId: string): Promise<StaffLogin> {
  const profile = await wecom.getStaff(staffUserId)
  if (profile === null || !profile.isActive) throw new AppError('staff.outOfScope')
  return profile
}

async function staffOfCode(services: OauthServices, code: string): Promise<StaffLogin> {
  const identity = await services.wecom.getStaffByCode(code)
  if (identity.kind === 'visitor') throw new AppError('staff.notMember', '本页面仅供企业员工使用。如果您是顾客，请通过小程序访问会员中心。')
  return requireVisibleStaff(services, identity.staffUserId)
}

export function createStaffOauth(services: OauthServices, sessions: StaffSessions): StaffOauth {
  const { env } = services
  const states = createOauthStates(services)
  return {
    async start(returnTo, browserToken) {
      const state = await states.begin('staff', ownPath(returnTo, env.publicUrl), browserToken)
      return wecomAuthorizeUrl(env, '/api/staff/oauth/callback', state)
    },
    async finish(arrival, previousToken) {
      const { token, returnTo } = await states.redeem('staff', arrival, async (record) => {
        const profile = await staffOfCode(services, arrival.code)
        return { kind: 'staff', token: await sessions.open(profile, { ...record, previousToken }) }
      })
      return { sessionToken: token, returnTo }
    },
  }
}
