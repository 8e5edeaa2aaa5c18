import { AppError } from '@qihui/shared/errors'
import { readAnswers, type RawAnswers } from '@qihui/shared/form'
import type { MemberActor } from '../../../http/actor.ts'
import { newId } from '../../../security/newId.ts'
import type { Services } from '../../../services.ts'
import { parsers } from '../../form/parsers.ts'
import { dataKeyPlace } from '../../member/present.ts'
import { upsertAnswers } from '../../registration/confirmationTables.ts'
import { sealAnswers } from '../../registration/steps.ts'
import { insertAudit } from '../erasureTables.ts'
import { requireOwnMember } from '../ownData.ts'
import { deleteOwnAnswers, selectStandingPurposes } from '../ownTables.ts'
import { touchActivity } from '../steps.ts'

/**
 * The person corrects what they answered (PIPL 46), against the form in force of the one they came by. Null takes an optional answer back;
 * what is not named stays. A sensitive answer needs its own consent. Old values are not kept.
 * @returns the keys that were changed @throws AppError `member.notFound`, `request.invalid`, `consent.required`
 */
export async function correctOwnData(services: Pick<Services, 'db' | 'env' | 'cipher' | 'now' | 'forms'>, actor: MemberActor, raw: RawAnswers, requestId: string): Promise<string[]> {
  const { db, cipher, forms } = services
  const at = services.now()
  const member = await requireOwnMember(services, actor)
  const form = await forms.inForce(member.form_key, at)
  const asked = form.definition.fields.filter(({ key }) => key in raw).map(({ visibleIf: _always, ...field }) => field)
  const read = readAnswers({ fields: asked }, raw, parsers)
  if (read.problems.length > 0) throw new AppError('request.invalid', undefined, read.problems.map(({ key, message }) => ({ path: `body.answers.${key}`, message })))
  const purposes = read.sensitive.map((key) => `sensitive:${key}`)
  const standing = purposes.length === 0 ? [] : await db.run<{ purpose: string }>(selectStandingPurposes, [member.person_id, purposes])
  if (standing.length < purposes.length) throw new AppError('consent.required', '填写敏感信息前，请先在“隐私与同意”中单独同意')
  const dataKey = cipher.openDataKey(dataKeyPlace(member.member_id), member.data_key_sealed)
  const sealed = sealAnswers(cipher, member.member_id, dataKey, read.answers)
  const emptied = asked.map(({ key }) => key).filter((key) => !(key in read.answers))
  await db.transaction(async (tx) => {
    if (sealed.keys.length > 0) await tx.run(upsertAnswers, [member.member_id, sealed.keys, sealed.sealed, form.version, at])
    if (emptied.length > 0) await tx.run(deleteOwnAnswers, [member.member_id, emptied])
    await tx.run(insertAudit, [newId(), at, 'member', 'self', 'ownData.corrected', `member:${member.member_id}`, asked.map(({ key }) => key), requestId])
    await touchActivity(tx, member.member_id, at)
  })
  return asked.map(({ key }) => key)
}
