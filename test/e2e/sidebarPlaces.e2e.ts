import axe, { type AxeResults } from 'axe-core'
import type { Frame } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'

let open: OpenProduct

beforeAll(async () => {
  open = await openProduct()
})

afterAll(() => open?.close())

function sidebarFrame(): Frame {
  const frame = open.stage.page.frames().find((one) => new URL(one.url()).pathname.startsWith('/sidebar/'))
  if (frame === undefined) throw new Error('the sidebar is not open')
  return frame
}

/** Serious and critical findings of axe, as lines a person can act on. */
async function accessibilityFaults(frame: Frame): Promise<string[]> {
  await frame.evaluate(axe.source)
  const results = await frame.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run())
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 120)}`))
}

async function expectSound(frame: Frame): Promise<void> {
  expect(await accessibilityFaults(frame)).toEqual([])
  const { width, scrollWidth } = await frame.evaluate(() => ({ width: innerWidth, scrollWidth: document.documentElement.scrollWidth }))
  expect(width).toBe(360)
  expect(scrollWidth).toBe(360)
}

it('a group chat asks for a single chat instead of guessing a customer', async () => {
  await open.stage.openSidebarFrom('群聊')
  await open.stage.sidebar.getByText(/单聊/).first().waitFor()
  await expectSound(sidebarFrame())
  await keepScreen(open.stage.sidebarPane, '30-group-chat')
})

it('the workbench says who is logged in and how to reach a customer', async () => {
  await open.stage.openSidebarFrom('工作台')
  await open.stage.sidebar.getByText(/李静/).first().waitFor()
  await expectSound(sidebarFrame())
  await keepScreen(open.stage.sidebarPane, '31-workbench')
})

it('a plain browser is told to open the page in WeCom', async () => {
  const page = await open.browser.newPage({ viewport: { width: 360, height: 720 }, locale: 'zh-CN' })
  await page.goto(`${open.product.url}/sidebar/`)
  await page.getByText('请在企业微信中打开').first().waitFor()
  expect(await accessibilityFaults(page.mainFrame())).toEqual([])
  await keepScreen(page, '32-plain-browser')
  await page.close()
})

it('a signature the client refuses has a screen of its own, not a blank page', async () => {
  const { stage } = open
  const pattern = '**/api/jssdk/agent-config-signature*'
  await stage.page.route(pattern, async (route) => {
    const response = await route.fetch()
    const signed = (await response.json()) as { signature: string }
    await route.fulfill({ response, json: { ...signed, signature: '0'.repeat(40) } })
  })
  await stage.openSidebarFrom('单聊')
  await stage.reopenSidebar()
  await stage.page.getByRole('region', { name: '网线上发生了什么' }).getByText('客户端校验页面签名：拒绝').first().waitFor()
  await stage.sidebar.getByRole('button', { name: /重/ }).first().waitFor()
  const text = await stage.sidebar.locator('body').innerText()
  expect(text).toMatch(/企业微信|签名|管理员/)
  expect(await accessibilityFaults(sidebarFrame())).toEqual([])
  await keepScreen(stage.sidebarPane, '33-wrong-signature')
  await stage.page.unroute(pattern)
})

it('a customer who is no member gets an invite card, opens it on the phone, registers, and the open sidebar follows by itself', async () => {
  const { stage } = open
  await stage.givePhoneTo('小安')
  await stage.addStaff('李静')
  await expect.poll(async () => {
    await stage.reopenSidebar()
    await stage.sidebar.getByText(/小安/).first().waitFor()
    return stage.sidebar.getByRole('button', { name: '邀请入会' }).count()
  }, { timeout: 30_000, interval: 1_000 }).toBe(1)
  await keepScreen(stage.sidebarPane, '34-not-registered')
  await stage.sidebar.getByRole('button', { name: '邀请入会' }).click()
  await stage.sidebar.getByRole('button', { name: /发送/ }).waitFor()
  await keepScreen(stage.sidebarPane, '35-invite-preview')
  await stage.sidebar.getByRole('button', { name: /发送/ }).click()
  await stage.chat.getByText('小程序', { exact: true }).waitFor()
  await keepScreen(stage.page, '36-invite-sent')
  await stage.sidebar.getByRole('button', { name: '完成' }).click()

  await stage.page.getByRole('button', { name: '回到微信' }).click({ force: true })
  await stage.phoneScreen.getByRole('button', { name: /李静/ }).click()
  await stage.phoneScreen.getByRole('button', { name: /小程序/ }).click()
  await stage.register()
  await stage.sidebar.getByText('会员资料').waitFor()
  await expect.poll(() => stage.sidebar.locator('body').innerText(), { timeout: 20_000 }).toMatch(/会员等级[\s\S]*普通会员/)
  await expectSound(sidebarFrame())
})

it('dark mode is dark, readable, and as sound as the light one', async () => {
  const { stage } = open
  await stage.page.emulateMedia({ colorScheme: 'dark' })
  await stage.reopenSidebar()
  await stage.sidebar.getByText('会员资料').waitFor()
  await expectSound(sidebarFrame())
  const background = await sidebarFrame().evaluate(() => getComputedStyle(document.body).backgroundColor)
  const channels = (background.match(/\d+/g) ?? []).slice(0, 3).map(Number)
  expect(Math.max(...channels)).toBeLessThan(60)
  await keepScreen(stage.sidebarPane, '37-dark')
  await stage.page.emulateMedia({ colorScheme: 'light' })
})

it('the stage itself has no serious accessibility fault', async () => {
  expect(await accessibilityFaults(open.stage.page.mainFrame())).toEqual([])
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
