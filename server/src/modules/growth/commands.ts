import { AppError } from '@qihui/shared/errors'
import { growthForOrder, type postOrder as postOrderContract } from '@qihui/shared/growth'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import { tierProgress } from '@qihui/shared/tier'
import type { Services } from '../../services.ts'
import { unionIdNamespace } from '../identity/namespaces.ts'
import { awardGrowth, type LockedMember } from './steps.ts'
import { lockMemberByUnionId } from './tables.ts'

/** Posts a paid order; the same order number again changes nothing (R47). @throws AppError `member.notFound` */
export async function postOrder({ db, now, env }: Pick<Services, 'db' | 'now' | 'env'>, order: BodyOf<typeof postOrderContract>): Promise<ResponseOf<typeof postOrderContract>> {
  const at = now()
  return db.transaction(async (tx) => {
    const [member] = await tx.run<LockedMember>(lockMemberByUnionId, [unionIdNamespace(env), order.unionId])
    if (member === undefined) throw new AppError('member.notFound', '该 unionid 还没有对应的会员')
    const amount = growthForOrder(order.amountFen)
    const growthValue = await awardGrowth(tx, member, { amount, source: 'order', sourceId: order.orderNo, occurredAt: new Date(order.paidAt) }, at)
    const progress = tierProgress(growthValue ?? member.growth_value)
    return { isNew: growthValue !== null, growthEarned: growthValue === null ? 0 : amount, tier: { ...progress, benefits: [...progress.benefits] } }
  })
}
