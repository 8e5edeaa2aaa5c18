import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'
import type { StagePage } from './StagePage.ts'

let open: OpenProduct
let stage: StagePage

/** Requests that would have made a member, as the browser saw them. */
const registrations: number[] = []

async function countTaps(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const counter = globalThis as typeof globalThis & { tapsOnPages?: number; typedKeys?: number }
    addEventListener('click', (event) => {
      if ((event.target as Element).closest('#pages') !== null) counter.tapsOnPages = (counter.tapsOnPages ?? 0) + 1
    }, { capture: true })
    addEventListener('keydown', () => { counter.typedKeys = (counter.typedKeys ?? 0) + 1 }, { capture: true })
  })
}

beforeAll(async () => {
  // The way the README shows begins with a checkout that has no database yet.
  open = await openProduct({ hasOwnCluster: true })
  stage = open.stage
  await countTaps(stage.page)
  stage.page.on('response', (response) => {
    if (response.url().endsWith('/api/members/registrations')) registrations.push(response.status())
  })
  await stage.page.reload()
})

afterAll(() => open?.close())

it('scanning opens the landing page: value first, nothing asked', async () => {
  // Somebody who will refuse the phone: the consent that was given stays, and the next person begins from nothing.
  await stage.page.getByRole('combobox', { name: '这部手机属于' }).selectOption('p002')
  await stage.scanMiniProgramCode()
  await stage.phone.getByRole('button', { name: '免费入会' }).waitFor()
  expect(await stage.phone.getByText('金卡会员').count()).toBeGreaterThan(0)
  expect(registrations).toEqual([])
  await keepScreen(stage.phoneScreen, '01-landing')
})

it('the button without consent says what is missing and asks for no phone', async () => {
  await stage.phone.getByRole('button', { name: '免费入会' }).click()
  const consent = stage.phone.getByRole('checkbox', { name: /我已阅读并同意/ })
  await consent.waitFor()
  expect(await consent.getAttribute('aria-checked')).toBe('false')
  await keepScreen(stage.phoneScreen, '02-register')
  await stage.phone.getByRole('button', { name: /手机号|入会/ }).last().click()
  await stage.phone.getByText('请先阅读并勾选同意').first().waitFor()
  expect(await stage.phone.getByRole('dialog').count()).toBe(0)
  expect(registrations).toEqual([])
  await keepScreen(stage.phoneScreen, '03-consent-missing')
})

it('refusing the phone sheet has a state of its own and makes no member', async () => {
  await stage.phone.getByRole('checkbox', { name: /我已阅读并同意/ }).click()
  await stage.phone.getByRole('button', { name: /手机号|入会/ }).last().click()
  await stage.phone.getByRole('dialog').getByText('申请获取并验证你的手机号').waitFor()
  await keepScreen(stage.phoneScreen, '04-phone-sheet')
  await stage.phone.getByRole('button', { name: '拒绝' }).click()
  await stage.phone.getByRole('button', { name: '继续浏览' }).waitFor()
  await keepScreen(stage.phoneScreen, '05-phone-refused')
  expect(registrations).toEqual([])
})

it('consent and one tap for the phone make a member: three taps in all, nothing typed', async () => {
  await stage.givePhoneTo('小安')
  await stage.scanMiniProgramCode()
  await stage.register()
  const frame = stage.page.frame({ url: /phone\.html/ })
  const counted = await frame?.evaluate(() => {
    const counter = globalThis as typeof globalThis & { tapsOnPages?: number; typedKeys?: number }
    return { taps: counter.tapsOnPages ?? 0, keys: counter.typedKeys ?? 0 }
  })
  expect(counted).toEqual({ taps: 3, keys: 0 })
  expect(registrations).toEqual([201])
  await keepScreen(stage.phoneScreen, '06-success')
})

it('the member centre shows tier and member code', async () => {
  await stage.phone.getByRole('button', { name: '进入会员中心' }).click()
  await stage.phone.getByText('我的权益').waitFor()
  await keepScreen(stage.phoneScreen, '07-member-centre')
  await stage.phone.getByRole('button', { name: '出示会员码' }).click()
  await expect.poll(() => stage.phone.locator('img[src^="data:image"]').count(), { timeout: 10_000 }).toBeGreaterThan(0)
  await keepScreen(stage.phoneScreen, '08-member-code')
})

it("the rep's sidebar shows the member with tier and tags", async () => {
  await stage.addStaff('李静')
  await expect.poll(async () => {
    await stage.reopenSidebar()
    await stage.sidebar.locator('body').getByText(/小安/).first().waitFor()
    return stage.sidebar.locator('body').innerText()
  }, { timeout: 30_000, interval: 1_000 }).toMatch(/普通会员[\s\S]*会员等级|会员等级[\s\S]*普通会员/)
  await keepScreen(stage.sidebarPane, '09-sidebar-member')
})

it('a paid order raises growth and tier, and the sidebar follows', async () => {
  await stage.page.getByRole('button', { name: '支付', exact: true }).click()
  await stage.page.getByRole('dialog').getByRole('button', { name: '支付' }).click()
  await stage.page.getByText('增加 600 成长值').waitFor()
  await expect.poll(async () => {
    await stage.reopenSidebar()
    await stage.sidebar.locator('body').getByText(/小安/).first().waitFor()
    return stage.sidebar.locator('body').innerText()
  }, { timeout: 20_000, interval: 1_000 }).toContain('700')
})

it('the member centre follows after a pull, and the whole stage is seen at once, from the first step to the wire', async () => {
  await stage.phone.getByRole('button', { name: '收起' }).click()
  await stage.page.evaluate(() => scrollTo(0, 0))
  await stage.pullPhoneDown()
  await stage.phone.getByText('700', { exact: true }).waitFor()
  await stage.page.setViewportSize({ width: 1440, height: 1240 })
  await stage.page.evaluate(() => scrollTo(0, 0))
  await stage.page.locator('.notice.is-shown').waitFor({ state: 'hidden' })
  const size = await stage.page.evaluate(() => ({ width: document.documentElement.scrollWidth, lines: document.querySelectorAll('.wire tbody tr').length }))
  expect(size.width).toBe(1440)
  expect(size.lines).toBeGreaterThan(20)
  await keepScreen(stage.page, '10-stage')
})

it('opening the mini-program again recognises the member without a question', async () => {
  await stage.page.getByRole('button', { name: '结束小程序' }).click()
  await stage.scanMiniProgramCode()
  await stage.phone.getByText('我的权益').waitFor()
  expect(registrations).toEqual([201])
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
