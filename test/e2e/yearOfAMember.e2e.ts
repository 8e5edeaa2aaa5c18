import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'
import type { StagePage } from './StagePage.ts'

/** A year and two months of one member's life in fast time (R44, R48-R54): every step on the phone, in the sidebar and in WeCom. */
let open: OpenProduct
let stage: StagePage

const tierNames = ['普通会员', '银卡会员', '金卡会员']
const waiting = { timeout: 20_000, interval: 300 }

/** Tier tags WeCom keeps for the pair of 小安 and 李静. */
async function tierTags(): Promise<string[]> {
  const answer = await fetch(`${open.product.url}/_sandbox/state`)
  const { relations } = (await answer.json()) as { relations: { personId: string; staffUserId: string; tagNames: string[] }[] }
  const pair = relations.find(({ personId, staffUserId }) => personId === 'p001' && staffUserId === 'rep.li')
  return pair?.tagNames.filter((name) => tierNames.includes(name)) ?? []
}

/** What phone, sidebar and WeCom say once they have caught up, and a picture of the first two. */
async function lookAt(screen: string, tier: string, words: RegExp): Promise<void> {
  await stage.page.evaluate(() => scrollTo(0, 0))
  await expect.poll(async () => {
    await stage.pullPhoneDown()
    return stage.phone.locator('.tier-card').innerText()
  }, { timeout: 20_000, interval: 1_000 }).toMatch(new RegExp(`${tier}[\\s\\S]*${words.source}`))
  await expect.poll(tierTags, waiting).toEqual([tier])
  await stage.reopenSidebar()
  const card = stage.sidebar.getByRole('region', { name: '会员等级' })
  await expect.poll(async () => ((await card.count()) === 0 ? '' : card.innerText()), waiting).toContain(tier)
  // The session of months ago is over: the last known card stands until the page has logged in anew, which loads it again.
  await expect.poll(() => stage.sidebarIsFresh(), waiting).toBe(true)
  await card.scrollIntoViewIfNeeded()
  await keepScreen(stage.phoneScreen, `year-${screen}-phone`)
  await keepScreen(stage.sidebarPane, `year-${screen}-sidebar`)
}

beforeAll(async () => {
  open = await openProduct()
  stage = open.stage
})
afterAll(() => open?.close())

it('a new member is normal for ever, with the growth of joining', async () => {
  await stage.scanMiniProgramCode()
  await stage.register()
  await stage.addStaff('李静')
  await stage.phone.getByRole('button', { name: '进入会员中心' }).click()
  await lookAt('1-joined', '普通会员', /100/)
})

it('a purchase that reaches exactly 1,000 makes silver at once', async () => {
  await stage.pay(900)
  await lookAt('2-silver', '银卡会员', /1000[\s\S]*下次评定/)
})

it('a month later gold, with a review every quarter', async () => {
  await stage.passTime({ months: 1 })
  await stage.pay(4000)
  await lookAt('3-gold', '金卡会员', /5000[\s\S]*最高等级[\s\S]*下次评定/)
})

it('keeps gold through three reviews: the purchases are still in the window', async () => {
  await stage.passTime({ months: 9 })
  await stage.passTime({ days: 1 })
  await lookAt('4-kept', '金卡会员', /5000[\s\S]*下次评定/)
})

it('misses the fourth review and keeps everything during the grace', async () => {
  await stage.passTime({ months: 3 })
  await lookAt('5-grace', '金卡会员', /保级期/)
})

it('the phone explains what is missing, until when, and every decision so far', async () => {
  await stage.phone.getByRole('link', { name: '等级说明' }).click()
  await stage.phone.getByText(/正在保级期：.*前再得 5000 成长值即可保住金卡会员/).waitFor()
  const page = await stage.phone.locator('body').innerText()
  expect(page.match(/定期评定通过（成长值 5000），保持金卡会员/g)).toHaveLength(3)
  expect(page).toContain('进入保级期，权益不变')
  expect(page).toContain('已不再计入等级')
  await keepScreen(stage.phoneScreen, 'year-5-grace-explained-phone')
  await stage.phone.getByRole('button', { name: '返回' }).last().click()
  await stage.phone.locator('.tier-card').waitFor()
})

it('the sidebar explains the same to the rep', async () => {
  await stage.sidebar.getByRole('button', { name: '等级说明' }).click()
  const sheet = stage.sidebar.getByRole('dialog', { name: '等级说明' })
  await sheet.getByText(/正在保级期：.*前再得 5000 成长值即可保住金卡会员/).waitFor()
  await keepScreen(stage.sidebarPane, 'year-5-grace-explained-sidebar')
  await sheet.getByRole('button', { name: '关闭' }).click()
})

it('too small a purchase leaves gold until the grace is over, then the tier the value supports', async () => {
  await stage.passTime({ days: 10 })
  await stage.pay(1200)
  await lookAt('6-grace-purchase', '金卡会员', /1200[\s\S]*保级期/)
  await stage.passTime({ days: 20 })
  await lookAt('7-silver-again', '银卡会员', /1200[\s\S]*下次评定/)
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
