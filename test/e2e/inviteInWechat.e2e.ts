import type { Channel } from '@qihui/shared/channel'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'
import { ProductApi } from './ProductApi.ts'

const utm = { source: 'sms', medium: 'invite', campaign: 'member-day' }

let open: OpenProduct
let api: ProductApi
let channel: Channel

beforeAll(async () => {
  open = await openProduct()
  api = await ProductApi.logIn(open.product.url)
  channel = await api.createChannel({ kind: 'inviteLink', name: '短信邀请', staffUserId: 'rep.li', utm })
})

afterAll(() => open?.close())

it('the invitation arrives by SMS and opens in WeChat, where the page asks for no phone and has ticked nothing', async () => {
  const { stage } = open
  expect(await api.sendInvite(channel.channelId, ['138 0000 1111'])).toMatchObject({ queued: 1, refused: [] })
  await expect.poll(() => stage.countMessages('p001'), { timeout: 20_000, interval: 500 }).toBe(1)
  await stage.openFromInbox('微信')
  await stage.phoneWeb.getByRole('button', { name: '就在这里入会' }).waitFor()
  expect(await stage.phoneWeb.getByRole('textbox').count()).toBe(0)
  await keepScreen(stage.phoneScreen, '40-invite-wechat')
})

it('a snapshot page is refused until the person asks for the full one', async () => {
  const { stage } = open
  await stage.openIn('微信', channel.inviteUrl, { asSnapshot: true })
  await stage.phoneWeb.getByRole('button', { name: '就在这里入会' }).click()
  await stage.phoneWeb.getByText('使用完整服务').waitFor()
  await keepScreen(stage.phoneScreen, '41-invite-snapshot')
  expect(await api.outcomeOf(channel.channelId)).toMatchObject({ registrations: 0, member: 0 })
  await stage.page.getByRole('button', { name: '使用完整服务' }).click()
})

it('after the login the person joins on the page; without the tick nothing is sent', async () => {
  const { stage } = open
  await stage.openIn('微信', channel.inviteUrl)
  await stage.phoneWeb.getByRole('button', { name: '就在这里入会' }).click()
  const box = stage.phoneWeb.getByRole('checkbox', { name: /同意《/ })
  await box.waitFor()
  expect(await box.isChecked()).toBe(false)
  await stage.phoneWeb.getByRole('button', { name: '加入会员' }).click()
  await stage.phoneWeb.getByText('请勾选后继续').waitFor()
  await box.check()
  await keepScreen(stage.phoneScreen, '42-invite-join')
  await stage.phoneWeb.getByRole('button', { name: '加入会员' }).click()
  await stage.phoneWeb.getByText('入会成功').waitFor()
  await keepScreen(stage.phoneScreen, '43-invite-member')
})

it('it is one member, of this channel with its UTM', async () => {
  expect(await api.outcomeOf(channel.channelId)).toEqual({ registrations: 1, utm, opened: 1, consented: 1, member: 1 })
})

it('opened again it knows the member, and the open tag leads into the mini-program, which knows them too', async () => {
  const { stage } = open
  await stage.openIn('微信', channel.inviteUrl)
  await stage.phoneWeb.getByText('您已经是会员').waitFor()
  await stage.phoneWeb.getByRole('button', { name: '打开会员中心' }).click()
  await stage.phone.getByText('我的权益').waitFor()
  expect(await api.outcomeOf(channel.channelId)).toMatchObject({ registrations: 1, member: 1 })
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
