import { archiveAfterDays } from '@qihui/shared/lifecycle'
import { newId } from '../../../security/newId.ts'
import type { Services } from '../../../services.ts'
import { queueMessages } from '../../delivery/steps.ts'
import { dataKeyPlace, phonePlace } from '../../member/present.ts'
import { insertNoticeEntry, selectQuietMember } from '../archiveTables.ts'

interface QuietRow {
  readonly member_id: string
  readonly person_id: string
  readonly last_activity_at: Date
  readonly data_key_sealed: Buffer
  readonly phone_sealed: Buffer
}

/**
 * Tells a member that the membership will rest soon: a message of the service itself, no marketing (domain rules h 2). Once per quiet time
 * and notice, whatever runs twice; who came back meanwhile, or has no phone, is not written to. @param days 150 or 173
 */
export async function sendQuietNotice(services: Pick<Services, 'db' | 'now' | 'cipher' | 'env'>, memberId: string, days: number): Promise<boolean> {
  const { db, cipher, env } = services
  const at = services.now()
  return db.transaction(async (tx) => {
    const [row] = await tx.run<QuietRow>(selectQuietMember, [memberId, days])
    if (row === undefined) return false
    const said = await tx.run(insertNoticeEntry, [newId(), row.person_id, at, `lifecycle.notice:${memberId}:${days}:${row.last_activity_at.getTime()}`, days])
    if (said.length === 0) return false
    const phone = cipher.open(phonePlace(memberId), row.phone_sealed, cipher.openDataKey(dataKeyPlace(memberId), row.data_key_sealed))
    const text = `【${env.brandName}】您已有一段时间没有使用会员服务。约 ${archiveAfterDays - days} 天后会员资料将归档保存，等级与权益不受影响；打开会员小程序即可继续使用。`
    await queueMessages(tx, cipher, { purpose: 'service', channelId: null, subject: null, createdBy: 'lifecycle', to: [{ recipient: { medium: 'sms', address: phone }, personId: row.person_id, text }] }, at)
    return true
  })
}
