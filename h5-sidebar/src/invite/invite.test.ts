import { createInviteUrlLink, getInvite, openTagStyle } from '@qihui/shared/channel'
import { registerMember } from '@qihui/shared/member'
import { saveDraft } from '@qihui/shared/form'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { refusing } from '../testing/contractServer.ts'
import { consentId, guest, inviteToken, nobody, openInvite, question, standings } from '../testing/openInvite.ts'

type Page = ReturnType<typeof openInvite>
let page: Page
afterEach(() => {
  page.close()
  sessionStorage.clear()
})

const shows = (text: string | RegExp) => vi.waitFor(() => expect(page.text()).toMatch(text))
function button(name: string | RegExp): HTMLButtonElement {
  const found = [...page.root.querySelectorAll('button')].find((each) => (typeof name === 'string' ? each.textContent?.trim() === name : name.test(each.textContent ?? '')))
  if (!found) throw new Error(`no button ${String(name)} in: ${page.text()}`)
  return found
}
const boxes = () => [...page.root.querySelectorAll<HTMLInputElement>('input[type=checkbox]')]
const box = (name: string) => page.root.querySelector<HTMLInputElement>(`input[name="${name}"]`)
function fill(key: string, value: string): void {
  const input = page.root.querySelector<HTMLInputElement>(`#field-${key}`)
  if (!input) throw new Error(`no field ${key}`)
  input.value = value
  input.dispatchEvent(new Event('input'))
}
const submit = () => page.root.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))

describe('the five places', () => {
  it('inside WeChat offers the mini-program, and joining here only after a tap', async () => {
    page = openInvite()
    await shows('就在这里入会')
    expect([page.visited, page.root.querySelectorAll('input').length]).toEqual([[], 0])
    button('就在这里入会').click()
    await vi.waitFor(() => expect(page.visited).toEqual([`/api/invites/oauth/start?token=${inviteToken}`]))
    expect(page.bodies['visit']).toHaveLength(1)
  })

  it('inside WeChat shows the code to press when the tag is not drawn', async () => {
    page = openInvite({ isTagDrawn: false })
    await shows('长按识别小程序码')
    expect(page.root.querySelector('wx-open-launch-weapp')).toBeNull()
  })

  it('inside WeChat puts up the tag once the page is proved', async () => {
    page = openInvite({ isTagDrawn: true })
    await vi.waitFor(() => expect(page.root.querySelector('wx-open-launch-weapp')?.getAttribute('path')).toBe(`pages/landing/index.html?token=${inviteToken}`))
    const template = page.root.querySelector('wx-open-launch-weapp script')
    expect(template?.getAttribute('type')).toBe('text/wxtag-template')
    // The policy of the page knows this style, and no style of an element.
    expect(template?.textContent).toContain(`<style>${openTagStyle}</style>`)
    expect(template?.textContent).not.toContain('style=')
  })

  it('inside WeCom logs in silently, once', async () => {
    page = openInvite({ invite: { place: 'wecom' } })
    await vi.waitFor(() => expect(page.visited).toHaveLength(1))
    page.close()
    page = openInvite({ invite: { place: 'wecom' } })
    await shows('用企业微信登录')
    expect(page.visited).toEqual([])
  })

  it('shows an employee a preview and numbers, and counts no visit', async () => {
    const staff = { name: '李静', isOwner: true, shareText: '诚邀您加入', funnel: [{ step: 'opened', visits: 4, medianSeconds: 0 }, { step: 'member', visits: 1, medianSeconds: 75 }] as const }
    page = openInvite({ invite: { place: 'wecom' }, visitor: { kind: 'staff', guest: null, staff: { ...staff, funnel: [...staff.funnel] } } })
    await shows('员工预览')
    button('复制邀请文字').click()
    await shows('已复制')
    expect(page.copied).toEqual(['诚邀您加入'])
    expect(page.text()).toMatch(/打开页面\s*4 人.*成为会员\s*1 人（25%）.*一般用时 1 分钟/s)
    expect([page.bodies['visit'], boxes().length, page.visited]).toEqual([undefined, 0, []])
  })

  it('in a phone browser opens WeChat by a link when asked, and never by itself', async () => {
    page = openInvite({ invite: { place: 'phoneBrowser', canLogInHere: false, expiresAt: '2026-12-31T00:00:00.000Z' } })
    await shows('邀请有效期至')
    expect(page.visited).toEqual([])
    button('打开微信，一键入会').click()
    await vi.waitFor(() => expect(page.visited).toEqual(['https://wxaurl.cn/abc']))
    expect(page.root.querySelector('a.button')?.getAttribute('href')).toBe('https://wxaurl.cn/abc')
  })

  it('in a phone browser can copy the address instead, or says how to without the right to', async () => {
    page = openInvite({ invite: { place: 'phoneBrowser' }, canCopy: false })
    await shows('复制链接')
    button(/复制链接/).click()
    await shows(`长按选中：https://member.example.com/i/${inviteToken}`)
  })

  it('on a desktop shows a code and asks for nothing', async () => {
    page = openInvite({ invite: { place: 'desktop', canLogInHere: false } })
    await shows('请用手机微信扫一扫')
    expect([page.root.querySelectorAll('input, button').length, page.root.querySelector('img')?.getAttribute('src')]).toEqual([0, `/i/${inviteToken}/code.png`])
  })
})

describe('a page that cannot serve', () => {
  it.each([['used', '该邀请已被使用'], ['expired', '该邀请已过期'], ['revoked', '该邀请已停用'], ['overQuota', '本次活动名额已满']] as const)('is %s and says so', async (openness, title) => {
    page = openInvite({ invite: { openness } })
    await shows(title)
    expect(page.text()).toContain('请联系李静')
    expect(page.root.querySelectorAll('button').length).toBe(0)
  })

  it.each([
    [{ kind: 'problem', code: 'channel.notFound' }, '没有找到这份邀请', 0],
    [{ kind: 'problem', code: 'server.unavailable' }, '服务暂时不可用', 1],
    [{ kind: 'problem', code: 'request.rateLimited', headers: { 'retry-after': '12' } }, '请等 12 秒', 1],
    [{ kind: 'unreachable' }, '网络不太顺畅', 1],
  ] as const)('explains %o', async (refusal, words, retries) => {
    page = openInvite({ prepare: (server) => server.on(getInvite, () => refusing(refusal)) })
    await shows(words)
    expect(page.root.querySelectorAll('button').length).toBe(retries)
  })

  it('loads again when asked', async () => {
    page = openInvite({ prepare: (server) => server.on(getInvite, () => refusing({ kind: 'unreachable' })) })
    await shows('网络不太顺畅')
    page.server.on(getInvite, () => page.world.invite)
    button('重新加载').click()
    await shows('就在这里入会')
  })

  it('says that the mini-program cannot be opened, and lets one try again', async () => {
    page = openInvite({ invite: { place: 'phoneBrowser' }, prepare: (server) => server.on(createInviteUrlLink, () => refusing({ kind: 'problem', code: 'vendor.unavailable' })) })
    await shows('打开微信')
    button('打开微信，一键入会').click()
    await shows('暂时打不开小程序')
    expect(page.visited).toEqual([])
  })
})

describe('joining on the page', () => {
  it('starts with no box ticked and sends nothing without the tick', async () => {
    page = openInvite({ visitor: guest })
    await shows('加入会员')
    expect(boxes().map(({ checked }) => checked)).toEqual([false, false, false])
    submit()
    await shows('请勾选后继续')
    expect([page.bodies['grant'], page.bodies['register']]).toEqual([undefined, undefined])
  })

  it('records what was ticked, a no for what was not, and registers with the visit of this window', async () => {
    page = openInvite({ visitor: guest })
    await shows('加入会员')
    box('membership')?.click()
    box('marketing')?.click()
    submit()
    await shows('入会成功')
    expect(page.bodies['grant']).toEqual([{ policyVersion: '2026-01', purposes: ['membership', 'marketing'], channelToken: inviteToken }])
    expect(page.bodies['refuse']).toEqual([{ policyVersion: '2026-01', purposes: ['personalisation'] }])
    const visit = (page.bodies['visit']?.[0] as { visitId: string }).visitId
    expect(page.bodies['register']).toEqual([{ consentIds: [consentId, consentId], policyVersion: '2026-01', formVersion: '2026-01', channelToken: inviteToken, answers: {}, confirmed: {}, visitId: visit }])
    expect(page.text()).toContain('833524987438')
  })

  it('does not ask again for a consent that stands', async () => {
    const draft = { channelToken: null, formVersion: null, answers: {}, consentIds: [consentId], consentedAt: null, hasPhone: false, phoneMasked: null, isChallenged: false }
    page = openInvite({ visitor: guest, standings: standings('granted'), draft })
    await shows('您已同意')
    expect(boxes()).toEqual([])
    submit()
    await shows('入会成功')
    expect(page.bodies['grant']).toBeUndefined()
  })

  it('goes through the steps, shows the answers as they were understood and sends back what was confirmed', async () => {
    const fields = [question({ key: 'realName', label: '姓名', type: 'text', confirmation: 'echo' }), question({ key: 'idCard', label: '证件号', type: 'text', class: 'S', isRequired: false, step: 2 })]
    page = openInvite({ visitor: guest, invite: { form: { version: 'vip.1', fields } } })
    await shows('第 1 步，共 2 步')
    box('membership')?.click()
    submit()
    await shows('请填写姓名')
    expect(page.bodies['grant']).toBeUndefined()
    fill('realName', '张三丰')
    submit()
    await shows('第 2 步，共 2 步')
    fill('idCard', '1234')
    await shows('单独同意')
    submit()
    await shows('请勾选后继续')
    box('sensitive-idCard')?.click()
    submit()
    await shows('请核对您填写的内容')
    expect(page.text()).toContain('理解为张三丰')
    button(/核对无误/).click()
    await shows('入会成功')
    expect(page.bodies['grant']?.[1]).toMatchObject({ purposes: ['sensitive:idCard'] })
    expect(page.bodies['register']).toEqual([expect.objectContaining({ answers: { realName: '张三丰', idCard: '1234' }, confirmed: { realName: '理解为张三丰' } })])
  })

  it('shows what the server could not read beside the field, and keeps what was typed', async () => {
    const fields = [question({ key: 'city', label: '所在地区', type: 'region' })]
    page = openInvite({ visitor: guest, invite: { form: { version: 'vip.1', fields } }, prepare: (server) => server.on(saveDraft, () => ({ echo: [], problems: [{ key: 'city', message: '没有找到这个地区' }] })) })
    await shows('所在地区')
    box('membership')?.click()
    fill('city', '火星')
    submit()
    await shows('没有找到这个地区')
    expect([page.root.querySelector<HTMLInputElement>('#field-city')?.value, page.bodies['register']]).toEqual(['火星', undefined])
  })

  it('keeps the key for a retry after a lost answer, so that nobody joins twice', async () => {
    page = openInvite({ visitor: guest, prepare: (server) => server.on(registerMember, () => refusing({ kind: 'timeout' })) })
    await shows('加入会员')
    box('membership')?.click()
    submit()
    await shows('网络不太顺畅，内容已保留')
    submit()
    await vi.waitFor(() => expect(page.server.keys).toHaveLength(2))
    expect(new Set(page.server.keys).size).toBe(1)
  })

  it('asks again, unticked, when the policy changed meanwhile', async () => {
    page = openInvite({ visitor: guest, prepare: (server) => server.on(registerMember, () => refusing({ kind: 'problem', code: 'consent.policyOutdated' })) })
    await shows('加入会员')
    box('membership')?.click()
    submit()
    await shows('隐私政策有重要更新')
    expect(box('membership')?.checked).toBe(false)
  })

  it('says that an invitation was closed while somebody was reading', async () => {
    page = openInvite({
      visitor: guest,
      prepare: (server) =>
        server.on(registerMember, () => {
          page.world.invite = { ...page.world.invite, openness: 'overQuota' }
          return refusing({ kind: 'problem', code: 'invite.closed' })
        }),
    })
    await shows('加入会员')
    box('membership')?.click()
    submit()
    await shows('本次活动名额已满')
  })

  it('goes back to the login when the session has ended', async () => {
    page = openInvite({ visitor: guest, prepare: (server) => server.on(registerMember, () => refusing({ kind: 'problem', code: 'session.expired' })) })
    await shows('加入会员')
    page.world.visitor = nobody
    box('membership')?.click()
    submit()
    await shows('就在这里入会')
  })

  it('knows a member when they come back', async () => {
    page = openInvite({ visitor: { kind: 'guest', staff: null, guest: { memberNo: '100000000001', adviserName: '李静' } }, invite: { openness: 'used' } })
    await shows('您已经是会员')
    expect(page.text()).toContain('100000000001')
    expect(boxes()).toEqual([])
  })
})
