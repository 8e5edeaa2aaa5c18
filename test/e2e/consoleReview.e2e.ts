import type { Channel } from '@qihui/shared/channel'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'
import { ProductApi } from './ProductApi.ts'

let open: OpenProduct
let api: ProductApi
let channel: Channel
let operatorPage: Page

beforeAll(async () => {
  open = await openProduct()
  api = await ProductApi.logIn(open.product.url)
  channel = await api.createChannel({ kind: 'inviteLink', name: '独立账号渠道', utm: {}, bindingMode: 'independent' })
})

afterAll(() => open?.close())

/** What the rep's sidebar says of the customer once it has settled. */
async function sidebarText(pattern: RegExp): Promise<void> {
  const { stage } = open
  await expect.poll(async () => {
    await stage.reopenSidebar()
    await stage.sidebar.getByText('服务成员').waitFor()
    return stage.sidebar.locator('body').innerText()
  }, { timeout: 40_000, interval: 1_000 }).toMatch(pattern)
}

it('a channel of independent accounts links nobody by itself: it opens a review', async () => {
  const { stage } = open
  await stage.givePhoneTo('小安')
  await stage.openIn('微信', channel.inviteUrl)
  await stage.phoneWeb.getByRole('button', { name: '打开小程序，一键入会' }).click()
  await stage.register()
  await stage.addStaff('李静')
  await expect.poll(async () => (await api.get<{ reviews: { reason: string }[] }>('/api/console/identity-reviews?state=open')).reviews, { timeout: 30_000, interval: 500 }).toMatchObject([{ reason: 'independent' }])
  await sidebarText(/邀请入会/)
})

it('a rep is not let into the console, and is told who is', async () => {
  const { stage } = open
  await stage.openSidebarFrom('工作台')
  const [page] = await Promise.all([stage.page.context().waitForEvent('page'), stage.page.getByRole('link', { name: '打开运营控制台' }).click()])
  await page.getByText('您还没有运营台的权限').waitFor()
  await page.close()
})

it('an operator opens the console from the workbench and sees the review', async () => {
  const { stage } = open
  await stage.loginAs('吴倩')
  await stage.openSidebarFrom('工作台')
  const [page] = await Promise.all([stage.page.context().waitForEvent('page'), stage.page.getByRole('link', { name: '打开运营控制台' }).click()])
  operatorPage = page
  await page.getByRole('navigation', { name: '运营台' }).getByRole('link', { name: '身份复核' }).click()
  await page.getByRole('link', { name: /复核：/ }).first().click()
  await page.getByText('合并预览').waitFor()
  await keepScreen(page, '70-console-review')
})

it('the merge joins contact and member', async () => {
  await operatorPage.getByRole('button', { name: '合并', exact: true }).click()
  await operatorPage.getByRole('button', { name: '确认合并' }).click()
  await operatorPage.getByRole('button', { name: '撤销这次合并' }).waitFor()
  await keepScreen(operatorPage, '71-console-merged')
  const { stage } = open
  await stage.loginAs('李静')
  await stage.openSidebarFrom('单聊')
  await stage.openCustomer('小安')
  await sidebarText(/会员资料/)
})

it('undone, the two are apart as before', async () => {
  const { stage } = open
  await stage.loginAs('吴倩')
  await operatorPage.reload()
  await operatorPage.getByRole('navigation', { name: '运营台' }).getByRole('link', { name: '合并记录' }).click()
  await operatorPage.getByRole('button', { name: /^撤销.*的合并$/ }).first().click()
  await operatorPage.getByRole('dialog').getByRole('button', { name: '撤销合并' }).click()
  await operatorPage.getByText('已撤销', { exact: true }).waitFor()
  await keepScreen(operatorPage, '72-console-undone')
  await stage.loginAs('李静')
  await stage.openSidebarFrom('单聊')
  await stage.openCustomer('小安')
  await sidebarText(/邀请入会/)
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
