import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { answers, wxCalls } from '../../../test/fakeWx.ts'
import { showPage } from '../../../test/taroHooks.ts'
import RegisterPage from './index.vue'

const entry = {
  brandName: '企会',
  channel: null,
  tiers: [],
  registrationGrowth: 100,
  policy: { version: '2026-11', title: '企会会员隐私政策', summary: ['一', '二', '三', '四', '五', '六'] },
  form: { version: '1', fields: [{ key: 'phone', label: '手机号', type: 'phone', class: 'N', purpose: '会员身份确认', isRequired: true, step: 1, confirmation: 'code' }] },
}

let page: VueWrapper

const box = () => page.get('[aria-role="checkbox"]')
const primary = () => page.get('.primary-button')
const requested = () => wxCalls.filter(({ name }) => name === 'request').map(({ options }) => String(options['url']).replace(/^https:\/\/[^/]+/, ''))

async function answerSheet(detail: object): Promise<void> {
  await primary().trigger('tap')
  const event = new Event('getphonenumber')
  Object.assign(event, { detail })
  primary().element.dispatchEvent(event)
  await flushPromises()
}

beforeEach(async () => {
  setActivePinia(createPinia())
  answers.set('GET /api/registrations/entry', () => ({ status: 200, body: entry }))
  answers.set('POST /api/members/session', () => ({ status: 200, body: { sessionToken: 'session-1', isRecognised: false, member: null } }))
  answers.set('GET /api/registrations/draft', () => ({ status: 200, body: { draft: null } }))
  answers.set('GET /api/consents/me', () => ({ status: 200, body: { policy: entry.policy, purposes: [] } }))
  page = mount(RegisterPage)
  await flushPromises()
})

describe('the registration page', () => {
  it('starts unticked, says so to a screen reader, and keeps the button enabled', () => {
    expect(box().attributes('aria-checked')).toBe('false')
    expect(box().attributes('aria-label')).toContain('2026-11')
    expect(primary().attributes('aria-disabled')).toBe('false')
    expect(primary().attributes('open-type')).toBe('')
  })

  it('shows at most five lines of the policy', () => {
    expect(page.findAll('.finish__line')).toHaveLength(5)
  })

  it('becomes a phone button only with the tick', async () => {
    await box().trigger('tap')
    expect(box().attributes('aria-checked')).toBe('true')
    expect(primary().attributes('open-type')).toBe('getPhoneNumber|agreePrivacyAuthorization')
    await box().trigger('tap')
    expect(primary().attributes('open-type')).toBe('')
  })

  it('announces the missing tick and takes the words back once it is there', async () => {
    await primary().trigger('tap')
    expect(page.get('[aria-live="assertive"]').text()).toBe('请先阅读并勾选同意')
    await box().trigger('tap')
    expect(page.find('[aria-live="assertive"]').exists()).toBe(false)
  })

  it('unticks when the page is shown again', async () => {
    await box().trigger('tap')
    showPage()
    await flushPromises()
    expect(box().attributes('aria-checked')).toBe('false')
  })

  it('keeps the tick while the sheet of WeChat covers the page', async () => {
    await box().trigger('tap')
    await primary().trigger('tap')
    showPage()
    await flushPromises()
    expect(box().attributes('aria-checked')).toBe('true')
  })

  const refusals = [
    [{ errMsg: 'getPhoneNumber:fail user deny' }, '您没有授权手机号'],
    [{ errMsg: 'getPhoneNumber:fail', errno: 1400001 }, '手机号验证暂时不可用'],
    [{ errMsg: 'getPhoneNumber:fail', errno: 104 }, '您还没有同意微信隐私保护指引'],
    [{ errMsg: 'getPhoneNumber:fail', errno: 112 }, '手机号验证暂未开通'],
    [{ errMsg: 'getPhoneNumber:fail' }, '没有拿到手机号'],
  ] as const
  it.each(refusals)('explains %j and offers to browse on', async (detail, words) => {
    await box().trigger('tap')
    await answerSheet(detail)
    expect(page.get('[aria-role="alert"]').text()).toContain(words)
    expect(page.text()).toContain('继续浏览')
    expect(requested().filter((path) => /members\/registrations$/.test(path))).toEqual([])
  })

  it('says that an account cannot join when WeChat blocks it', async () => {
    answers.set('POST /api/members/session', () => ({ status: 403, body: { code: 'login.blocked', title: '', status: 403, type: 'about:blank' } }))
    answers.set('POST /api/consents', () => ({ status: 401, body: { code: 'session.expired', title: '', status: 401, type: 'about:blank' } }))
    await box().trigger('tap')
    await answerSheet({ code: 'c', errMsg: 'getPhoneNumber:ok' })
    expect(page.get('[aria-role="alert"]').text()).toContain('这个微信账号暂时无法入会')
  })
})
