import type { getSidebarContact } from '@qihui/shared/contact'
import type { ResponseOf } from '@qihui/shared/http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'
import { ProductApi } from './ProductApi.ts'

let open: OpenProduct
let rep: ProductApi
let externalUserId = ''

beforeAll(async () => {
  open = await openProduct()
  rep = await ProductApi.logIn(open.product.url, 'rep.li')
  const person = await open.stage.page.request.get(`${open.product.url}/_sandbox/people/p001`)
  externalUserId = ((await person.json()) as { externalUserId: string }).externalUserId
})

afterAll(() => open?.close())

const card = () => rep.get<ResponseOf<typeof getSidebarContact>>(`/api/sidebar/contacts/${externalUserId}`)

it('a rep enters a customer with a phone and why the customer agreed', async () => {
  const { stage } = open
  await stage.givePhoneTo('小安')
  await stage.addStaff('李静')
  const enter = stage.sidebar.getByRole('button', { name: '代客建档' })
  await expect.poll(async () => {
    await stage.reopenSidebar()
    await stage.sidebar.getByText(/小安/).first().waitFor()
    return enter.count()
  }, { timeout: 30_000, interval: 1_000 }).toBe(1)
  await enter.click()
  await stage.sidebar.getByLabel('手机号').fill('138 0000 1111')
  await stage.sidebar.getByRole('button', { name: '登记', exact: true }).click()
  await stage.sidebar.getByRole('alert').first().waitFor()
  await stage.sidebar.getByRole('radio', { name: '当面口头同意' }).click()
  await stage.sidebar.getByLabel('同意的经过').fill('到店选购时口头同意登记会员')
  await keepScreen(stage.sidebarPane, '50-manual-add')
  await stage.sidebar.getByRole('button', { name: '登记', exact: true }).click()
  await stage.sidebar.getByText('还差一步').waitFor()
})

it('until the person confirms, the member has no growth', async () => {
  await expect.poll(async () => (await card()).member?.tier.growthValue, { timeout: 10_000 }).toBe(0)
})

it('the link goes into the chat, and the person confirms by it in the mini-program', async () => {
  const { stage } = open
  await stage.sidebar.getByRole('button', { name: '发送到聊天' }).click()
  await stage.sidebar.getByText('确认链接已发送').waitFor()
  await stage.phoneScreen.getByRole('button', { name: /李静/ }).click()
  await stage.phoneScreen.getByRole('button', { name: /\/i\// }).last().click()
  await stage.phoneWeb.getByText('已为您登记会员资料').waitFor()
  await keepScreen(stage.phoneScreen, '51-confirmation-page')
  await stage.phoneWeb.getByRole('button', { name: '打开小程序确认' }).click()
  await stage.phone.getByRole('button', { name: '确认会员资料' }).click()
  expect(await stage.consentBox.getAttribute('aria-checked')).toBe('false')
  await stage.consentBox.click()
  await stage.phone.getByRole('button', { name: '同意并确认' }).click()
  await stage.phone.getByText('会员资料已确认，欢迎您').waitFor()
  await keepScreen(stage.phoneScreen, '52-confirmed')
})

it('it is one member, confirmed, with the growth of a registration, and the open sidebar follows', async () => {
  await expect.poll(async () => (await card()).member?.tier.growthValue, { timeout: 20_000 }).toBe(100)
  await open.stage.sidebar.getByRole('button', { name: '完成' }).click()
  await open.stage.sidebar.getByRole('heading', { name: '会员资料' }).waitFor()
})

it('the link has served: the page says so to anybody else', async () => {
  const { stage } = open
  await stage.page.getByRole('button', { name: '回到微信' }).click()
  await stage.phoneScreen.getByRole('button', { name: /李静/ }).click()
  const address = await stage.phoneScreen.getByRole('button', { name: /\/i\// }).last().innerText()
  await stage.openIn('电脑浏览器', address)
  await stage.desktopWeb.getByText('该邀请已被使用').first().waitFor()
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
