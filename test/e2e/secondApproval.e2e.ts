import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'

const phone = '13800001111'
let open: OpenProduct

beforeAll(async () => {
  open = await openProduct()
})

afterAll(() => open?.close())

it('a rep asks to see the phone of a member, whose sidebar shows it masked until then', async () => {
  const { stage } = open
  await stage.givePhoneTo('小安')
  await stage.addStaff('李静')
  await stage.scanMiniProgramCode()
  await stage.register()
  await stage.openCustomer('小安')
  const ask = stage.sidebar.getByRole('button', { name: '申请查看' })
  await expect.poll(async () => {
    await stage.reopenSidebar()
    await stage.sidebar.getByText('服务成员').waitFor()
    return ask.count()
  }, { timeout: 40_000, interval: 1_000 }).toBe(1)
  expect(await stage.sidebar.locator('body').innerText()).not.toContain(phone)
  await ask.click()
  await stage.sidebar.getByRole('checkbox', { name: '手机号' }).check()
  await stage.sidebar.getByRole('radio', { name: '处理售后' }).check()
  await stage.sidebar.getByRole('textbox', { name: '说明' }).fill('客户来电要求换货，需回电确认')
  await keepScreen(stage.sidebarPane, '60-ask')
  await stage.sidebar.getByRole('button', { name: '提交申请' }).click()
  await stage.sidebar.getByText('待审批').first().waitFor()
})

it('the approver is told by an app message in WeCom, opens it and agrees', async () => {
  const { stage } = open
  await stage.loginAs('徐峰')
  await stage.page.getByRole('button', { name: /工作台\s*1\s*条未读应用消息/ }).click({ timeout: 40_000 })
  const messages = stage.page.getByRole('region', { name: '应用消息' })
  await messages.getByText('有一条查看申请等待审批').waitFor()
  expect(await messages.innerText()).not.toContain('小安')
  await keepScreen(stage.page, '61-app-message')
  await messages.getByRole('button', { name: '打开' }).click()
  await stage.desktopWeb.getByText('客户来电要求换货').waitFor()
  await keepScreen(stage.page, '62-decide')
  await stage.desktopWeb.getByRole('button', { name: '批准' }).click()
  await stage.desktopWeb.getByText('没有待审批的查看申请。').waitFor()
})

it('the rep sees the phone, under a watermark with their name, and the masked profile again afterwards', async () => {
  const { stage } = open
  await stage.loginAs('李静')
  await stage.openSidebarFrom('单聊')
  await stage.openCustomer('小安')
  await stage.sidebar.getByRole('button', { name: '查看', exact: true }).click()
  await expect.poll(() => stage.sidebar.locator('body').innerText()).toContain('138 0000 1111')
  await keepScreen(stage.sidebarPane, '63-revealed')
  await stage.sidebar.getByRole('button', { name: '看完了' }).click()
  await expect.poll(async () => (await stage.sidebar.locator('body').innerText()).replace(/\s/g, '')).not.toContain(phone)
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
