import type { Channel } from '@qihui/shared/channel'
import type { listPolicies } from '@qihui/shared/consent'
import type { ResponseOf } from '@qihui/shared/http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'
import { ProductApi } from './ProductApi.ts'

let open: OpenProduct
let api: ProductApi
let channel: Channel

beforeAll(async () => {
  open = await openProduct()
  api = await ProductApi.logIn(open.product.url)
  channel = await api.createChannel({ kind: 'inviteLink', name: '同意', utm: {} })
})

afterAll(() => open?.close())

async function publish(version: string, diffClass: 'minor' | 'material'): Promise<void> {
  const { policies } = await api.get<ResponseOf<typeof listPolicies>>('/api/console/policies')
  const [inForce] = policies
  if (inForce === undefined) throw new Error('no policy is in force')
  const sections = [...inForce.sections, { heading: `版本 ${version} 的变化`, paragraphs: ['补充了一段说明。'] }]
  await api.post('/api/console/policies', { version, replaces: inForce.version, title: inForce.title, diffClass, summary: inForce.summary, sections })
}

const isTicked = () => open.stage.consentBox.getAttribute('aria-checked')

/** The list of policies is read again every few seconds: the entry tells when the server has seen a new one. */
async function untilInForce(version: string): Promise<void> {
  await expect.poll(async () => (await api.get<{ policy: { version: string } }>('/api/registrations/entry')).policy.version, { timeout: 15_000, interval: 250 }).toBe(version)
}

it('the box is not ticked at the first entry, after going back, and after the mini-program was closed', async () => {
  const { stage } = open
  await stage.scanMiniProgramCode()
  await stage.phone.getByRole('button', { name: '免费入会' }).click()
  expect(await isTicked()).toBe('false')
  await stage.consentBox.click()
  expect(await isTicked()).toBe('true')
  await stage.phone.getByRole('button', { name: '返回' }).click()
  await stage.phone.getByRole('button', { name: '免费入会' }).click()
  expect(await isTicked()).toBe('false')
  await stage.consentBox.click()
  await stage.endMiniProgram()
  await stage.scanMiniProgramCode()
  await stage.phone.getByRole('button', { name: '免费入会' }).click()
  expect(await isTicked()).toBe('false')
})

it('a policy that changes while the page is open is asked anew, unticked, and the old tick counts for nothing', async () => {
  const { stage } = open
  await publish('2026-11', 'material')
  await untilInForce('2026-11')
  await stage.consentBox.click()
  await stage.phone.getByRole('button', { name: '微信手机号一键入会' }).click()
  await stage.phone.getByRole('button', { name: '允许' }).click().catch(() => undefined)
  await stage.phone.getByRole('checkbox', { name: /版本 2026-11/ }).waitFor()
  expect(await isTicked()).toBe('false')
  await keepScreen(stage.phoneScreen, '60-policy-changed')
})

it('the invite page ticks nothing on entry, after a reload, and when it is opened again', async () => {
  const { stage } = open
  await stage.endMiniProgram()
  await stage.openIn('微信', channel.inviteUrl)
  await stage.phoneWeb.getByRole('button', { name: '就在这里入会' }).click()
  const box = stage.phoneWeb.getByRole('checkbox', { name: /我已阅读并同意/ })
  await box.waitFor()
  const boxes = stage.phoneWeb.getByRole('checkbox')
  const ticked = async () => (await boxes.evaluateAll((all) => all.filter((one) => (one as HTMLInputElement).checked))).length
  expect(await ticked()).toBe(0)
  await box.check()
  await stage.page.getByRole('button', { name: '刷新' }).click()
  await box.waitFor()
  expect(await ticked()).toBe(0)
  await box.check()
  await stage.openIn('微信', channel.inviteUrl)
  await box.waitFor()
  expect(await ticked()).toBe(0)
})

it('a consent that was given is not asked again after a minor change, and is after a material one', async () => {
  const { stage } = open
  // WeChat has its doubts about this person: a code by SMS keeps the registration open after the consent.
  await stage.page.request.post(`${open.product.url}/_sandbox/people/p001/risk-rank`, { data: { rank: 3 } })
  await stage.scanMiniProgramCode()
  await stage.phone.getByRole('button', { name: '免费入会' }).click()
  await stage.consentBox.click()
  await stage.phone.getByRole('button', { name: '微信手机号一键入会' }).click()
  await stage.phone.getByRole('button', { name: '允许' }).click()
  await stage.phone.getByText('请输入短信验证码').waitFor()
  const reopen = async () => {
    await stage.endMiniProgram()
    await stage.scanMiniProgramCode()
    await stage.phone.getByRole('button', { name: '免费入会' }).click()
  }
  await publish('2026-11-a', 'minor')
  await untilInForce('2026-11-a')
  await reopen()
  await stage.phone.getByText('请输入短信验证码').waitFor()
  expect(await stage.consentBox.count()).toBe(0)
  await publish('2026-12', 'material')
  await untilInForce('2026-12')
  await reopen()
  await stage.phone.getByRole('checkbox', { name: /版本 2026-12/ }).waitFor()
  expect(await isTicked()).toBe('false')
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
