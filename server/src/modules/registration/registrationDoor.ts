import { AppError } from '@qihui/shared/errors'
import type { registerMember as registerMemberContract } from '@qihui/shared/member'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { MemberActor } from '../../http/actor.ts'
import type { IdempotentCall } from '../../http/idempotency.ts'
import { normalisePhone } from '../../security/normalisePhone.ts'
import type { Services } from '../../services.ts'
import { refuseOutdated, registerMember, replayRegistration } from './commands.ts'

type Body = BodyOf<typeof registerMemberContract>
type Answer = ResponseOf<typeof registerMemberContract>
type Door = (actor: MemberActor, body: Body, call: IdempotentCall) => Promise<Answer>

/**
 * The way into the registration command: exchanges the phone code first, because no network call may happen in a transaction.
 * A repeat of an answered request carries a phone code that is already used; it is recognised by its key and gets the first answer.
 */
export function registrationDoor(services: Pick<Services, 'db' | 'now' | 'cipher' | 'env' | 'wechat'>): Door {
  /** Twins of one key in this process share one execution. */
  const running = new Map<string, Promise<Answer>>()

  async function once(actor: MemberActor, body: Body, call: IdempotentCall): Promise<Answer> {
    // Checked before the phone code is spent: it is paid for, and of one use.
    refuseOutdated(body, services.now())
    let phone: string
    try {
      const verified = await services.wechat.phoneOfCode(body.phoneCode)
      phone = normalisePhone(verified.phoneNumber, verified.countryCode)
    } catch (error) {
      const replayed = error instanceof AppError && error.code === 'phone.codeInvalid' ? await replayRegistration(services, call) : null
      if (replayed === null) throw error
      return replayed
    }
    return registerMember(services, actor, { ...body, phone }, call)
  }

  return (actor, body, call) => {
    const twinKey = `${call.scope}|${call.key}|${call.requestHash.toString('base64')}`
    const twin = running.get(twinKey)
    if (twin) return twin
    const execution = once(actor, body, call).finally(() => running.delete(twinKey))
    running.set(twinKey, execution)
    return execution
  }
}
