import type { Channel } from '@qihui/shared/channel'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'
import { ProductApi } from './ProductApi.ts'

const utm = { source: 'website', medium: 'banner' }

let open: OpenProduct
let api: ProductApi
let channel: Channel

beforeAll(async () => {
  open = await openProduct()
  api = await ProductApi.logIn(open.product.url)
  channel = await api.createChannel({ kind: 'inviteLink', name: '官网横幅', utm })
})

afterAll(() => open?.close())

it('a desktop shows a large code and no form', async () => {
  const { stage } = open
  await stage.openIn('电脑浏览器', channel.inviteUrl)
  await stage.desktopWeb.getByText('请用手机微信扫一扫').waitFor()
  const box = await stage.desktopWeb.getByRole('img', { name: '入会二维码' }).boundingBox()
  expect(box?.width).toBeGreaterThanOrEqual(240)
  expect(await stage.desktopWeb.locator('input').count()).toBe(0)
  await keepScreen(stage.page.locator('.desktop'), '48-invite-desktop')
})

it('the code really scans: WeChat opens the page, its tag the mini-program, and the person becomes a member', async () => {
  const { stage } = open
  await stage.scanDesktop()
  await stage.phoneWeb.getByRole('button', { name: '打开小程序，一键入会' }).click()
  await stage.register()
})

it('it is one member, of this channel with its UTM', async () => {
  expect(await api.outcomeOf(channel.channelId)).toMatchObject({ registrations: 1, utm, member: 1 })
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
