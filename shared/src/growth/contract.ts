import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { instantSchema } from '../ids/schemas.ts'
import { tierProgressSchema } from '../tier/contract.ts'

/** A paid order of a shop system, posted once per order number (R47). */
export const postOrder = defineContract({
  method: 'POST',
  path: '/api/integration/orders',
  audience: 'integration',
  summary: '回传一笔已支付订单，按实付金额累计成长值；同一订单号只计一次',
  body: v.strictObject({
    orderNo: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/, '订单号为 1-64 位字母、数字、- 或 _')),
    unionId: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/, '不是有效的 unionid')),
    amountFen: v.pipe(v.number('金额以分为单位，必须是整数'), v.integer('金额以分为单位，必须是整数'), v.minValue(1, '金额必须大于 0'), v.maxValue(100_000_000, '单笔金额过大')),
    paidAt: instantSchema,
  }),
  response: v.object({ isNew: v.boolean(), growthEarned: v.number(), tier: tierProgressSchema }),
  errors: ['member.notFound'],
})

/** A refund of such an order, in part or whole; posted once per refund number. Money in fen. */
export const refundOrder = defineContract({
  method: 'POST',
  path: '/api/integration/orders/:orderNo/refunds',
  audience: 'integration',
  summary: '回传一笔退款，扣回对应的成长值；同一退款单号只计一次',
  params: v.object({ orderNo: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/, '订单号为 1-64 位字母、数字、- 或 _')) }),
  body: v.strictObject({
    refundNo: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/, '退款单号为 1-64 位字母、数字、- 或 _')),
    amountFen: v.pipe(v.number('金额以分为单位，必须是整数'), v.integer('金额以分为单位，必须是整数'), v.minValue(1, '金额必须大于 0'), v.maxValue(100_000_000, '单笔金额过大')),
  }),
  response: v.object({ isNew: v.boolean(), growthReversed: v.number(), tier: tierProgressSchema }),
  errors: ['growth.orderUnknown', 'growth.refundTooLarge', 'apiKey.scopeMissing'],
})
