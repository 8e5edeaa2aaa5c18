import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '@qihui/shared/errors'
import { hashToken } from '../../security/tokens.ts'
import type { Place } from '../../security/fieldCipher.ts'
import type { Services } from '../../services.ts'
import { ownPath } from './returnTo.ts'
import type { StaffLogin, StaffSessions } from './sessions.ts'
import { consumeOauthState, deleteOauthState, insertOauthState, selectConsumedState } from './tables.ts'

/** A state and the code it comes back with live this long (P6). */
const stateTtlMs = 5 * 60_000
/** How long a second arrival of one code waits for the first to finish. */
const twinWaitStepMs = 50
const twinWaitSteps = 120

/** What comes back from the authorise page, and from which browser. */
export interface OauthArrival {
  readonly code: string
  readonly state: string
  readonly browserToken: string | undefined
  /** Token of the session this browser holds already. */
  readonly previousToken: string | undefined
}

export interface OauthLogin {
  readonly sessionToken: string
  readonly returnTo: string
}

/** Login of employees by WeCom's authorise page (R21, platform 3.1-3.2). */
export interface StaffOauth {
  /** Notes the state for this browser. @returns the address of the authorise page. @throws AppError `oauth.returnToRefused` */
  start(returnTo: string | undefined, browserToken: string): Promise<string>
  /**
   * Turns a code into a session. The same code again from the same browser within five minutes gets the same session:
   * double redirects and link previews are usual. From another browser, or after that, it gets none.
   * @throws AppError `oauth.stateInvalid`, `oauth.codeInvalid`, `staff.notMember`, `staff.outOfScope`
   */
  finish(arrival: OauthArrival): Promise<OauthLogin>
}

type OauthServices = Pick<Services, 'env' | 'db' | 'now' | 'cipher' | 'wecom'>

function tokenPlace(stateHash: Buffer): Place {
  return { table: 'oauth_state', column: 'session_token_sealed', rowId: stateHash.toString('hex') }
}

function authorizeUrl(env: OauthServices['env'], state: string): string {
  // WeCom compares the order of these parameters and needs the fragment at the end (platform 3.1).
  const query = new URLSearchParams([
    ['appid', env.wecom.corpId],
    ['redirect_uri', `${env.publicUrl}/api/staff/oauth/callback`],
    ['response_type', 'code'],
    ['scope', 'snsapi_base'],
    ['state', state],
    ['agentid', env.wecom.agentId],
  ])
  return `${env.wecom.openBase.replace(/\/+$/, '')}/connect/oauth2/authorize?${query.toString()}#wechat_redirect`
}

async function staffOfCode({ wecom }: OauthServices, code: string): Promise<StaffLogin> {
  const identity = await wecom.getStaffByCode(code)
  if (identity.kind === 'visitor') throw new AppError('staff.notMember', '本页面仅供企业员工使用。如果您是顾客，请通过小程序访问会员中心。')
  const profile = await wecom.getStaff(identity.staffUserId)
  if (profile === null || !profile.isActive) throw new AppError('staff.outOfScope')
  return profile
}

export function createStaffOauth(services: OauthServices, sessions: StaffSessions): StaffOauth {
  const { env, db, now, cipher } = services

  async function sessionOfTwin(key: readonly [Buffer, Buffer, Buffer]): Promise<OauthLogin> {
    const oldest = new Date(now().getTime() - stateTtlMs)
    for (let step = 0; step < twinWaitSteps; step += 1) {
      const [row] = await db.run<{ return_to: string; session_token_sealed: Buffer | null }>(selectConsumedState, [...key, oldest])
      if (row === undefined) break
      if (row.session_token_sealed) return { sessionToken: cipher.open(tokenPlace(key[0]), row.session_token_sealed), returnTo: row.return_to }
      await pause(twinWaitStepMs)
    }
    throw new AppError('oauth.stateInvalid')
  }

  return {
    async start(returnTo, browserToken) {
      const path = ownPath(returnTo, env.publicUrl)
      const at = now()
      // Letters and digits only, or the platform answers 84025.
      const state = randomBytes(24).toString('hex')
      await db.run(insertOauthState, [hashToken(state), hashToken(browserToken), path, at, new Date(at.getTime() + stateTtlMs)])
      return authorizeUrl(env, state)
    },
    async finish({ code, state, browserToken, previousToken }) {
      if (browserToken === undefined || code === '' || state === '') throw new AppError('oauth.stateInvalid')
      const stateHash = hashToken(state)
      const browserHash = hashToken(browserToken)
      const codeHash = hashToken(code)
      const [won] = await db.run<{ return_to: string }>(consumeOauthState, [stateHash, browserHash, now(), codeHash])
      if (won === undefined) return sessionOfTwin([stateHash, browserHash, codeHash])
      try {
        const profile = await staffOfCode(services, code)
        const seal = (token: string): Buffer => cipher.seal(tokenPlace(stateHash), token)
        return { sessionToken: await sessions.open(profile, { stateHash, previousToken, seal }), returnTo: won.return_to }
      } catch (error) {
        await db.run(deleteOauthState, [stateHash])
        throw error
      }
    },
  }
}
