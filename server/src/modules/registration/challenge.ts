import { randomInt } from 'node:crypto'
import { AppError } from '@qihui/shared/errors'
import type { MemberActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { armChallenge, tryChallenge } from './draftTables.ts'

/** A code lives five minutes, is tried five times, and follows another after a minute at the earliest (ASVS 6.6). */
const codeTtlSeconds = 5 * 60
const codeTries = 5
const codePauseSeconds = 60

type Account = Pick<MemberActor, 'namespace' | 'openId'>

function codeHash({ cipher }: Pick<Services, 'cipher'>, { namespace, openId }: Account, code: string): Buffer {
  return cipher.indexOf('registration_draft.challenge_hash', `${namespace}|${openId}|${code}`)
}

/** @throws AppError `challenge.codeInvalid` when the code is wrong, has run out or was tried too often: the same words for all three */
export async function passChallenge(services: Pick<Services, 'db' | 'now' | 'cipher'>, account: Account, code: string): Promise<void> {
  const [tried] = await services.db.run<{ is_right: boolean }>(tryChallenge, [account.namespace, account.openId, codeHash(services, account, code), services.now(), codeTries])
  if (tried?.is_right !== true) throw new AppError('challenge.codeInvalid')
}

/**
 * Sends a code to the very phone that is to be registered; a code that has just been sent is not sent again.
 * @returns false when none could be sent, so that the member has to be held instead
 */
export async function sendChallenge(services: Pick<Services, 'db' | 'now' | 'cipher' | 'sms' | 'env' | 'log'>, account: Account, phone: string | null): Promise<boolean> {
  const { db, sms, env, log } = services
  if (sms === null || phone === null) return false
  const at = services.now()
  const code = String(randomInt(0, 1_000_000)).padStart(6, '0')
  const armed = await db.run(armChallenge, [account.namespace, account.openId, codeHash(services, account, code), at, codePauseSeconds, codeTtlSeconds, codeTries])
  if (armed.length === 0) return true
  try {
    await sms.send({ reference: `challenge-${codeHash(services, account, `${code}|${at.getTime()}`).toString('hex').slice(0, 32)}`, to: phone, text: `【${env.brandName}】您的验证码是 ${code}，5 分钟内有效。如非本人操作，请忽略本短信。` })
    return true
  } catch (error) {
    log.warn({ err: error }, 'a check code did not leave; the registration is held instead')
    return false
  }
}
