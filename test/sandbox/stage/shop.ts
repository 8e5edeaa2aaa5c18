import { randomUUID } from 'node:crypto'
import type { StageContext } from '../types.ts'
import { ControlError } from './readJson.ts'

/** What the product answered to a paid order. */
interface OrderAnswer {
  readonly growthEarned: number
  readonly tier: unknown
}

/**
 * The simulated shop: posts a paid order to the product as an integrated system does, once per order number.
 * @throws ControlError when the shop has no key, the person no unionid, or the product refuses; its words are passed on.
 */
export async function payOrder(context: StageContext, personId: string, amountFen: number): Promise<OrderAnswer & { orderNo: string }> {
  const { unionId } = context.world.person(personId)
  if (unionId === null) throw new ControlError(422, '这个人没有 unionid，商城无法识别会员')
  if (context.options.serverUrl === null) throw new ControlError(503, '产品服务还没有启动')
  if (context.options.integrationKey === undefined) throw new ControlError(503, '没有设置 SANDBOX_INTEGRATION_KEY，模拟商城无法回传订单')
  const orderNo = `SB${randomUUID().replaceAll('-', '').slice(0, 18).toUpperCase()}`
  const startedAt = performance.now()
  const response = await fetch(new URL('/api/integration/orders', context.options.serverUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${context.options.integrationKey}` },
    body: JSON.stringify({ orderNo, unionId, amountFen, paidAt: new Date(context.clock.now()).toISOString() }),
    signal: AbortSignal.timeout(10_000),
  })
  context.wire.add({
    from: 'phone', to: 'server', what: 'POST /api/integration/orders', meaning: '商城回传一笔已支付订单', status: response.status, errcode: null,
    durationMs: Math.round(performance.now() - startedAt),
  })
  const answer = (await response.json()) as OrderAnswer & { title?: string; detail?: string }
  if (!response.ok) throw new ControlError(422, answer.detail ?? answer.title ?? `产品拒绝了订单（HTTP ${response.status}）`)
  return { ...answer, orderNo }
}
