import { createChannel, getChannelFunnel, listChannels, revokeChannel, sendInvite, type Channel } from '@qihui/shared/channel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { funnel, linkChannel, scanChannel } from '../../../testing/consoleSamples.ts'
import { refusing } from '../../../testing/contractServer.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
const cells = (row: string) => Array.from(document.querySelectorAll('tbody tr')).find((line) => line.textContent?.includes(row))?.textContent ?? ''
const thatIs = (openness: Channel['openness'], channel = scanChannel): Channel => ({ ...channel, openness })
const made = (isReady: boolean): Channel => ({ ...scanChannel, state: isReady ? 'ready' : 'preparing' })

beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

describe('the list of channels', () => {
  it('shows newest first, with quota and state in words', async () => {
    page = await openConsole({ at: '/channels', prepare: (server) => server.on(listChannels, () => ({ channels: [scanChannel, thatIs('overQuota', linkChannel)] })) })
    await seen('老客回访短信')
    const text = page.text()
    expect(text.indexOf('老客回访短信')).toBeLessThan(text.indexOf('南山店收银台'))
    expect(cells('老客回访短信')).toContain('12 / 200')
    expect(cells('老客回访短信')).toContain('名额已满')
    expect(cells('南山店收银台')).toContain('2026-11-20 10:00')
    expect(cells('南山店收银台')).toContain('2 天前')
  })

  it('finds by source, and says when nothing fits', async () => {
    page = await openConsole({ at: '/channels' })
    await seen('南山店收银台')
    page.fill('查找渠道', '2026-Spring')
    await expect.poll(() => page.text()).not.toContain('老客回访短信')
    page.fill('查找渠道', '没有的')
    await seen('没有找到这样的渠道')
  })

  it('says why the list did not come, and asks again', async () => {
    let isDown = true
    page = await openConsole({ at: '/channels', prepare: (server) => server.on(listChannels, () => (isDown ? refusing({ kind: 'timeout' }) : { channels: [] })) })
    await seen('网络有点慢')
    isDown = false
    page.press('重试')
    await seen('还没有渠道')
  })
})

describe('a new channel', () => {
  it('is asked for with what was filled in, and opens', async () => {
    let sent: unknown
    page = await openConsole({
      at: '/channels/new',
      prepare: (server) =>
        server.on(createChannel, ({ body }) => {
          sent = body
          return scanChannel
        }),
    })
    await seen('基本信息')
    page.fill('渠道名称', '南山店收银台')
    page.fill('服务员工账号', 'rep.li')
    page.fill('来源 source', 'store')
    page.choose('强制绑定')
    page.fill('注册名额', '50')
    page.press('创建渠道')
    await seen('转化漏斗')
    expect(sent).toEqual({ kind: 'scan', name: '南山店收银台', staffUserId: 'rep.li', utm: { source: 'store' }, bindingMode: 'forced', corpTagIds: [], maxRegistrations: 50 })
    expect(page.server.keys).toHaveLength(1)
  })

  it('without a name is not asked for, and says what is missing', async () => {
    page = await openConsole({ at: '/channels/new' })
    await seen('基本信息')
    page.press('创建渠道')
    await seen('请填写渠道名称')
    expect(page.server.asked).not.toContain('POST /api/channels')
  })

  it('shows what the server refuses beside its field, keeps the rest, and tries the same thing under the same key', async () => {
    const problem = { type: 'about:blank', title: '有内容需要修改', status: 422, code: 'request.invalid', errors: [{ path: 'body.staffUserId', message: '没有这位员工' }] }
    const answers = [() => refusing({ kind: 'unreachable' }), () => refusing({ kind: 'foreign', status: 422, data: problem })]
    page = await openConsole({ at: '/channels/new', prepare: (server) => server.on(createChannel, () => (answers.shift() ?? (() => scanChannel))()) })
    await seen('基本信息')
    page.fill('渠道名称', '南山店收银台')
    page.fill('服务员工账号', 'rep.nobody')
    page.press('创建渠道')
    await seen('网络连接不上')
    page.press('创建渠道')
    await seen('没有这位员工')
    expect(page.field('渠道名称').value).toBe('南山店收银台')
    expect(new Set(page.server.keys).size).toBe(1)
    page.fill('服务员工账号', 'rep.li')
    page.press('创建渠道')
    await seen('转化漏斗')
    expect(new Set(page.server.keys).size).toBe(2)
  })

  it('is not left half written without a question', async () => {
    page = await openConsole({ at: '/channels/new' })
    await seen('基本信息')
    page.fill('渠道名称', '半个渠道')
    page.press('取消')
    await seen('离开并放弃修改？')
    page.press('取消')
    await expect.poll(() => page.router.currentRoute.value.name).toBe('newChannel')
    expect(page.field('渠道名称').value).toBe('半个渠道')
  })
})

describe('a channel', () => {
  const at = `/channels/${scanChannel.channelId}`

  it('shows its codes and its funnel in numbers', async () => {
    page = await openConsole({ at })
    await seen('转化漏斗')
    await seen('同意隐私政策')
    const sources = Array.from(document.querySelectorAll('img'), (image) => image.getAttribute('src'))
    expect(sources).toEqual([`/channel-codes/${scanChannel.token}/mini-program.png`, `/channel-codes/${scanChannel.token}/contact-way.png`, `/i/${scanChannel.token}/code.png`])
    const consented = cells('同意隐私政策')
    expect(consented).toContain('60')
    expect(consented).toContain('50%')
    expect(consented).toContain('4 秒')
    await seen('另有 3 人在一小时内打开')
  })

  it('shows its codes by itself once they are made', async () => {
    let looks = 0
    page = await openConsole({ at, prepare: (server) => server.on(listChannels, () => ({ channels: [made(looks++ > 0)] })) })
    await seen('二维码生成中')
    await expect.poll(() => document.querySelectorAll('img').length).toBe(3)
  })

  it('calls no step a loss that gains people, and divides nothing by nobody', async () => {
    const steps = funnel.steps.map((step) => ({ ...step, visits: step.step === 'member' ? 3 : 0, medianSeconds: null }))
    page = await openConsole({ at, prepare: (server) => server.on(getChannelFunnel, () => ({ ...funnel, steps })) })
    await seen('转化漏斗')
    await expect.poll(() => cells('成为会员')).toContain('3')
    expect(page.text()).not.toMatch(/NaN|Infinity|-\d+%/)
  })

  it('is revoked only after a yes', async () => {
    let isRevoked = false
    page = await openConsole({
      at,
      prepare: (server) => {
        server.on(listChannels, () => ({ channels: [thatIs(isRevoked ? 'revoked' : 'open')] }))
        server.on(revokeChannel, () => {
          isRevoked = true
          return thatIs('revoked')
        })
      },
    })
    await seen('开放中')
    page.press('停用')
    await seen('停用无法恢复')
    page.press('取消')
    expect(isRevoked).toBe(false)
    page.press('停用')
    await expect.poll(() => document.querySelectorAll('.el-message-box').length).toBe(1)
    page.press('停用渠道')
    await seen('不能再发送邀请')
    expect(isRevoked).toBe(true)
  })

  it('copies its link, or says how when the browser does not', async () => {
    page = await openConsole({ at })
    await seen('复制邀请链接')
    page.press('复制邀请链接')
    await expect.poll(() => page.copied).toEqual([scanChannel.inviteUrl])
    page.world.canCopy = false
    page.press('复制邀请链接')
    await seen('请手动选中链接复制')
  })

  it('sends invites after a yes, and keeps whoever was refused for another try', async () => {
    let sent: readonly string[] = []
    page = await openConsole({
      at,
      prepare: (server) =>
        server.on(sendInvite, ({ body }) => {
          sent = body.recipients
          return { queued: 1, refused: [{ index: 1, recipientMasked: 'not-a-…', reason: '既不是手机号也不是邮箱' }] }
        }),
    })
    await seen('用短信或邮件发送')
    const box = document.querySelector('textarea')
    if (!box) throw new Error('no box')
    box.value = '138 0000 1111\n not-a-phone \n'
    box.dispatchEvent(new Event('input'))
    await expect.poll(() => page.button('发送邀请').disabled).toBe(false)
    page.press('发送邀请')
    await seen('将向 2 位收件人发送')
    page.press('发送给 2 位')
    await seen('1 位已进入发送队列')
    expect(sent).toEqual(['138 0000 1111', 'not-a-phone'])
    await seen('第 2 行 not-a-…：既不是手机号也不是邮箱')
    expect(box.value).toBe('not-a-phone')
  })
})
