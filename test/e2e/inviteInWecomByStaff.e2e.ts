import type { Channel } from '@qihui/shared/channel'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'
import { ProductApi } from './ProductApi.ts'

let open: OpenProduct
let rep: ProductApi
let channel: Channel

beforeAll(async () => {
  open = await openProduct()
  rep = await ProductApi.logIn(open.product.url, 'rep.li')
  channel = await rep.createChannel({ kind: 'inviteLink', name: '老客回访', utm: { source: 'wecom', medium: 'chat' } })
})

afterAll(() => open?.close())

it('a rep who opens the own link in WeCom sees a preview, words to share and the numbers, and is asked nothing', async () => {
  const { stage } = open
  await stage.openIn('企业微信（员工）', channel.inviteUrl)
  await stage.desktopWeb.getByText('员工预览').waitFor()
  await stage.desktopWeb.getByRole('button', { name: '复制邀请文字' }).waitFor()
  await stage.desktopWeb.getByText(channel.inviteUrl).first().waitFor()
  await stage.desktopWeb.getByText('转化情况').waitFor()
  expect(await stage.desktopWeb.getByRole('checkbox').count()).toBe(0)
  await keepScreen(stage.page.locator('.desktop'), '44-invite-staff')
})

it('the rep is no visit and no member', async () => {
  expect(await rep.outcomeOf(channel.channelId)).toMatchObject({ registrations: 0, opened: 0, member: 0 })
})

it("another employee sees the preview without this rep's numbers", async () => {
  const { stage } = open
  await stage.loginAs('王浩')
  await stage.openIn('企业微信（员工）', channel.inviteUrl)
  await stage.desktopWeb.getByText('员工预览').waitFor()
  expect(await stage.desktopWeb.getByText('转化情况').count()).toBe(0)
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
