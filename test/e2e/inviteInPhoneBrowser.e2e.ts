import type { Channel } from '@qihui/shared/channel'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'
import { ProductApi } from './ProductApi.ts'

const utm = { source: 'email', medium: 'invite', campaign: 'member-day' }

const phoneBrowser = 'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Mobile/15E148 Safari/604.1'

let open: OpenProduct
let api: ProductApi
let channel: Channel

beforeAll(async () => {
  open = await openProduct()
  api = await ProductApi.logIn(open.product.url)
  channel = await api.createChannel({ kind: 'inviteLink', name: '邮件邀请', staffUserId: 'rep.li', utm })
})

afterAll(() => open?.close())

it('the invitation arrives by mail and opens in the browser of the phone, which leaves for nowhere by itself', async () => {
  const { stage } = open
  expect(await api.sendInvite(channel.channelId, ['p001@mail.example'])).toMatchObject({ queued: 1, refused: [] })
  await expect.poll(() => stage.countMessages('p001'), { timeout: 20_000, interval: 500 }).toBe(1)
  await stage.openFromInbox('手机浏览器')
  await stage.phoneWeb.getByRole('button', { name: '打开微信，一键入会' }).waitFor()
  expect(await stage.page.locator('.phone-frame').count()).toBe(0)
  expect(await stage.phoneWeb.getByRole('textbox').count()).toBe(0)
  await keepScreen(stage.phoneScreen, '46-invite-phone-browser')
})

it('the page runs under its policy, which allows no inline style and no inline script', async () => {
  const context = await open.browser.newContext({ viewport: { width: 375, height: 740 }, locale: 'zh-CN', userAgent: phoneBrowser })
  await context.addInitScript({ content: 'window.refusals = []; addEventListener("securitypolicyviolation", (event) => window.refusals.push(`${event.violatedDirective} ${event.blockedURI}`))' })
  const page = await context.newPage()
  const answer = await page.goto(channel.inviteUrl)
  expect(answer?.headers()['content-security-policy']).not.toMatch(/unsafe-/)
  await page.getByRole('button', { name: /入会/ }).first().waitFor()
  expect(await page.evaluate('window.refusals')).toEqual([])
  // The listener hears what is refused: an inline style of the page's own would be.
  await page.evaluate('document.body.appendChild(document.createElement("style")).textContent = "p { color: red }"')
  await expect.poll(async () => String(await page.evaluate('window.refusals')), { timeout: 20_000 }).toContain('style-src')
  await context.close()
})

it('a tap opens the mini-program by a URL link, and the person becomes a member there', async () => {
  const { stage } = open
  await stage.phoneWeb.getByRole('button', { name: '打开微信，一键入会' }).click()
  await stage.phone.getByRole('button', { name: '免费入会' }).waitFor()
  await stage.register()
})

it('it is one member, of this channel with its UTM', async () => {
  expect(await api.outcomeOf(channel.channelId)).toMatchObject({ registrations: 1, utm, member: 1 })
})

it('a revoked invitation says so and offers no way in', async () => {
  const { stage } = open
  await api.post(`/api/channels/${channel.channelId}/revocation`, {})
  await stage.openIn('手机浏览器', channel.inviteUrl)
  await stage.phoneWeb.getByText('该邀请已停用').first().waitFor()
  expect(await stage.phoneWeb.getByRole('button', { name: /入会/ }).count()).toBe(0)
  await keepScreen(stage.phoneScreen, '47-invite-revoked')
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
