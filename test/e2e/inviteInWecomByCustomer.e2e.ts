import type { Channel } from '@qihui/shared/channel'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'
import { ProductApi } from './ProductApi.ts'

const utm = { source: 'wecom', medium: 'chat', campaign: 'spring' }

let open: OpenProduct
let api: ProductApi
let channel: Channel

beforeAll(async () => {
  open = await openProduct()
  api = await ProductApi.logIn(open.product.url)
  channel = await api.createChannel({ kind: 'inviteLink', name: '企业微信邀请', staffUserId: 'rep.li', utm })
})

afterAll(() => open?.close())

it('a customer in WeCom is logged in silently and joins on the page', async () => {
  const { stage } = open
  await stage.givePhoneTo('小安')
  await stage.addStaff('李静')
  await stage.openIn('企业微信（客户）', channel.inviteUrl)
  const box = stage.phoneWeb.getByRole('checkbox', { name: /同意《/ })
  await box.waitFor()
  expect(await box.isChecked()).toBe(false)
  expect(await stage.phoneWeb.getByText('员工预览').count()).toBe(0)
  await box.check()
  await keepScreen(stage.phoneScreen, '45-invite-wecom-customer')
  await stage.phoneWeb.getByRole('button', { name: '加入会员' }).click()
  await stage.phoneWeb.getByText('入会成功').waitFor()
})

it('it is one member, of this channel with its UTM', async () => {
  expect(await api.outcomeOf(channel.channelId)).toEqual({ registrations: 1, utm, opened: 1, consented: 1, member: 1 })
})

it("the rep's sidebar shows the member: the login named the contact, no phone was needed", async () => {
  const { stage } = open
  await expect.poll(async () => {
    await stage.reopenSidebar()
    await stage.sidebar.getByText(/小安/).first().waitFor()
    return stage.sidebar.locator('body').innerText()
  }, { timeout: 40_000, interval: 1_000 }).toMatch(/会员资料/)
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
