import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '@qihui/shared/errors'
import { hashToken } from '../../security/tokens.ts'
import type { Place } from '../../security/fieldCipher.ts'
import type { Services } from '../../services.ts'
import { consumeOauthState, deleteOauthState, insertOauthState, rememberSession, selectConsumedState } from './tables.ts'

/** A state and the code it comes back with live this long (P6). */
const stateTtlMs = 5 * 60_000
/** How long a second arrival of one code waits for the first to finish. */
const twinWaitStepMs = 50
const twinWaitSteps = 120

/** Which login a state began; it ends no other. */
export type OauthPurpose = 'staff' | 'invite'

/** What comes back from an authorise page, and from which browser. */
export interface OauthArrival {
  readonly code: string
  readonly state: string
  readonly browserToken: string | undefined
}

/** The session a login ended in. */
export interface OauthSession {
  readonly kind: 'staff' | 'member'
  readonly token: string
}

/** The state a login answers; lets the session remember itself there, in its own statement. */
export interface LoginRecord {
  readonly stateHash: Buffer
  /** Where the login leads, and where a person goes back to when it is refused. */
  readonly returnTo: string
  seal(token: string): Buffer
}

/** States of logins by an authorise page: one use, one browser, one purpose, five minutes (P6). */
export interface OauthStates {
  /** Notes a state for this browser and answers it: letters and digits only, or the platform answers 84025. */
  begin(purpose: OauthPurpose, returnTo: string, browserToken: string): Promise<string>
  /**
   * Runs the login once for a state. The same code again from the same browser within five minutes gets the same session:
   * double redirects and link previews are usual. From another browser, for another purpose, or later it gets none.
   * @throws AppError `oauth.stateInvalid`, and whatever `logIn` throws: then the state is spent
   */
  redeem(purpose: OauthPurpose, arrival: OauthArrival, logIn: (record: LoginRecord) => Promise<OauthSession>): Promise<OauthSession & { readonly returnTo: string }>
}

type ConsumedRow = { readonly return_to: string; readonly session_token_sealed: Buffer | null; readonly session_kind: OauthSession['kind'] }

function tokenPlace(stateHash: Buffer): Place {
  return { table: 'oauth_state', column: 'session_token_sealed', rowId: stateHash.toString('hex') }
}

export function createOauthStates({ db, now, cipher }: Pick<Services, 'db' | 'now' | 'cipher'>): OauthStates {
  async function sessionOfTwin(key: readonly [Buffer, Buffer, OauthPurpose, Buffer]): Promise<OauthSession & { returnTo: string }> {
    const oldest = new Date(now().getTime() - stateTtlMs)
    for (let step = 0; step < twinWaitSteps; step += 1) {
      const [row] = await db.run<ConsumedRow>(selectConsumedState, [...key, oldest])
      if (row === undefined) break
      if (row.session_token_sealed) return { kind: row.session_kind, token: cipher.open(tokenPlace(key[0]), row.session_token_sealed), returnTo: row.return_to }
      await pause(twinWaitStepMs)
    }
    throw new AppError('oauth.stateInvalid')
  }

  return {
    async begin(purpose, returnTo, browserToken) {
      const at = now()
      const state = randomBytes(24).toString('hex')
      await db.run(insertOauthState, [hashToken(state), hashToken(browserToken), returnTo, at, new Date(at.getTime() + stateTtlMs), purpose])
      return state
    },
    async redeem(purpose, { code, state, browserToken }, logIn) {
      if (browserToken === undefined || code === '' || state === '') throw new AppError('oauth.stateInvalid')
      const stateHash = hashToken(state)
      const browserHash = hashToken(browserToken)
      const codeHash = hashToken(code)
      const [won] = await db.run<{ return_to: string }>(consumeOauthState, [stateHash, browserHash, purpose, now(), codeHash])
      if (won === undefined) return sessionOfTwin([stateHash, browserHash, purpose, codeHash])
      try {
        const seal = (token: string): Buffer => cipher.seal(tokenPlace(stateHash), token)
        const session = await logIn({ stateHash, returnTo: won.return_to, seal })
        if (session.kind === 'member') await db.run(rememberSession, [stateHash, session.kind, seal(session.token)])
        return { ...session, returnTo: won.return_to }
      } catch (error) {
        await db.run(deleteOauthState, [stateHash])
        throw error
      }
    },
  }
}
