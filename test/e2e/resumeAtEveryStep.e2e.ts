import type { listForms } from '@qihui/shared/form'
import type { ResponseOf } from '@qihui/shared/http'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { WireEntry } from '../sandbox/types.ts'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'
import { ProductApi } from './ProductApi.ts'

const kept = { class: 'N', legalBasis: 'consent', retentionDays: 180, isRequired: true } as const
/** Two steps of questions before the phone. */
const questions = [
  { ...kept, key: 'nickname', label: '称呼', type: 'text', purpose: '服务时称呼您', step: 1, maxLength: 20, confirmation: 'echo' },
  { ...kept, key: 'email', label: '邮箱', type: 'email', purpose: '发送电子账单', step: 2, confirmation: 'echo' },
] as const

let open: OpenProduct

beforeAll(async () => {
  open = await openProduct()
  const api = await ProductApi.logIn(open.product.url)
  const { forms } = await api.get<ResponseOf<typeof listForms>>('/api/console/forms')
  const [newest] = [...(forms.find(({ formKey }) => formKey === 'default')?.versions ?? [])].sort((a, b) => b.publishedAt.localeCompare(a.publishedAt))
  const phone = newest?.definition.fields.find(({ key }) => key === 'phone')
  const version = await api.post<{ version: string }>('/api/console/forms/default/versions', { replaces: newest?.version ?? null, definition: { fields: [phone, ...questions] } })
  await vi.waitFor(async () => {
    const { form } = await api.get<{ form: { version: string } }>('/api/registrations/entry')
    if (form.version !== version.version) throw new Error(`the form in force is still ${form.version}`)
  }, { timeout: 15_000, interval: 250 })
  // WeChat has its doubts about this person: a code by SMS is asked for after the phone.
  await open.stage.page.request.post(`${open.product.url}/_sandbox/people/p001/risk-rank`, { data: { rank: 3 } })
})

afterAll(() => open?.close())

async function countOnWire(what: string): Promise<number> {
  const answer = await open.stage.page.request.get(`${open.product.url}/_sandbox/wire`)
  const { entries } = (await answer.json()) as { entries: WireEntry[] }
  return entries.filter((entry) => entry.what === what && (entry.errcode ?? 0) === 0 && (entry.status ?? 200) < 400).length
}

/** The mini-program is killed and opened from the list of recent ones, without a code. */
async function killAndReopen(): Promise<void> {
  const { stage } = open
  await stage.endMiniProgram()
  await stage.phoneScreen.getByRole('button', { name: /企会会员/ }).click()
}

it('on the landing page it comes back to the landing page', async () => {
  await open.stage.scanMiniProgramCode()
  await open.stage.phone.getByRole('button', { name: '免费入会' }).waitFor()
  await killAndReopen()
  await open.stage.phone.getByRole('button', { name: '免费入会' }).click()
})

it('before the tick it comes back to the first questions, unticked', async () => {
  const { stage } = open
  await stage.phone.getByText('第 1 步，共 2 步').waitFor()
  await killAndReopen()
  await stage.phone.getByText('第 1 步，共 2 步').waitFor()
  expect(await stage.consentBox.getAttribute('aria-checked')).toBe('false')
})

it('after the first questions it comes back to the second ones, and asks for no second consent', async () => {
  const { stage } = open
  await stage.consentBox.click()
  await stage.phone.getByRole('textbox').fill('小安')
  await stage.phone.getByRole('button', { name: '下一步' }).click()
  await stage.phone.getByText('第 2 步，共 2 步').waitFor()
  await killAndReopen()
  await stage.phone.getByText('第 2 步，共 2 步').waitFor()
  expect(await stage.consentBox.count()).toBe(0)
  await keepScreen(stage.phoneScreen, '61-resumed-second-step')
})

it('after the last question it comes back to the phone, with what was understood to confirm', async () => {
  const { stage } = open
  await stage.phone.getByRole('textbox').fill('XIAOAN@Mail.Example')
  await stage.phone.getByRole('button', { name: '下一步' }).click()
  await stage.phone.getByRole('button', { name: '确认无误' }).waitFor()
  await killAndReopen()
  await stage.phone.getByRole('button', { name: '确认无误' }).click()
  await stage.phone.getByRole('button', { name: '微信手机号一键入会' }).waitFor()
  expect(await stage.consentBox.count()).toBe(0)
})

it('while a code by SMS is awaited it comes back to the code, and pays for no second phone', async () => {
  const { stage } = open
  await stage.phone.getByRole('button', { name: '微信手机号一键入会' }).click()
  await stage.phone.getByRole('button', { name: '允许' }).click()
  await stage.phone.getByText('请输入短信验证码').waitFor()
  await killAndReopen()
  await stage.phone.getByText('请输入短信验证码').waitFor()
  await keepScreen(stage.phoneScreen, '62-resumed-challenge')
  await expect.poll(() => stage.countMessages('p001'), { timeout: 10_000 }).toBeGreaterThan(0)
  const answer = await stage.page.request.get(`${open.product.url}/_sandbox/outbox?personId=p001`)
  const { messages } = (await answer.json()) as { messages: { text: string }[] }
  const code = /\d{6}/.exec(messages.at(-1)?.text ?? '')?.[0] ?? ''
  await stage.phone.getByRole('textbox').fill(code)
  await stage.phone.getByRole('button', { name: '完成验证' }).click()
  await stage.phone.getByText('入会成功，欢迎您').waitFor()
})

it('one consent was recorded and one phone paid for, in all of it', async () => {
  expect(await countOnWire('POST /api/consents')).toBe(1)
  expect(await countOnWire('POST /wxa/business/getuserphonenumber')).toBe(1)
})

it('as a member it comes back to the member centre', async () => {
  await killAndReopen()
  await open.stage.phone.getByText('我的权益').waitFor()
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
