import type Router from '@koa/router'
import type { OutboxMessage, StageContext } from '../types.ts'
import { optionalText, readJson, text, wholeNumber, ControlError } from './readJson.ts'

/** The worst rank WeChat gives. */
const worstRank = 4

/** Numbers and addresses stay in the message they belong to; the stage shows whose inbox it is. */
function presentMessage({ messageId, at, medium, personId, from, subject, text: words }: OutboxMessage) {
  return { messageId, at, medium, personId, from, subject, text: words }
}

/** What happens outside the mini-program: inboxes, codes on screens, snapshot pages, WeChat's own checks. */
export function addPlaces(router: Router, { world, wire }: StageContext): void {
  router.get('/outbox', (koa) => {
    const personId = typeof koa.query['personId'] === 'string' ? koa.query['personId'] : undefined
    koa.body = { messages: world.outbox(personId).map(presentMessage) }
  })
  router.get('/staff/:userId/app-messages', (koa) => {
    koa.body = { messages: world.outbox().filter(({ medium, to }) => medium === 'app' && to === koa.params['userId']).map(presentMessage) }
  })
  router.post('/scan-content', async (koa) => {
    const body = await readJson(koa)
    const result = await world.scanContent(text(body, 'personId'), text(body, 'content'))
    wire.add({ from: 'phone', to: 'wechat', what: '扫一扫', meaning: '客户扫屏幕上的二维码', status: null, errcode: 0, durationMs: null })
    koa.body = result
  })
  router.post('/people/:personId/snapshot', async (koa) => {
    const { isSnapshot } = await readJson(koa)
    if (typeof isSnapshot !== 'boolean') throw new ControlError(400, 'isSnapshot 必须是 true 或 false')
    world.setSnapshot(koa.params['personId'] ?? '', isSnapshot)
    koa.body = { isSnapshot }
  })
  router.post('/people/:personId/risk-rank', async (koa) => {
    const rank = wholeNumber(await readJson(koa), 'rank', 0, worstRank)
    world.setRiskRank(koa.params['personId'] ?? '', rank)
    koa.body = { rank }
  })
  router.post('/wechat-jssdk/check', async (koa) => {
    const body = await readJson(koa)
    const startedAt = performance.now()
    const result = world.checkWechatJssdk({
      appId: optionalText(body, 'appId') ?? '', timestamp: text(body, 'timestamp'), nonceStr: text(body, 'nonceStr'), signature: text(body, 'signature'), url: text(body, 'url'),
    })
    const meaning = result.isAccepted ? '微信校验网页签名：通过' : '微信校验网页签名：拒绝'
    wire.add({ from: 'phone', to: 'wechat', what: 'JSSDK wx.config', meaning, status: null, errcode: result.isAccepted ? 0 : 63002, durationMs: Math.round(performance.now() - startedAt) })
    koa.body = result
  })
}
