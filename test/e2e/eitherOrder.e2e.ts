import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepScreen } from './browser.ts'
import { openProduct, type OpenProduct } from './openProduct.ts'

let open: OpenProduct

beforeAll(async () => {
  open = await openProduct()
})

afterAll(() => open?.close())

/** What the rep sees of the customer once linking and tagging have gone through. */
async function memberCard(name: string): Promise<{ tier: string; timeline: string }> {
  const { stage } = open
  await stage.openCustomer(name)
  const body = stage.sidebar.locator('body')
  await expect.poll(async () => {
    await stage.reopenSidebar()
    await body.getByText('服务成员').waitFor()
    return body.innerText()
  }, { timeout: 40_000, interval: 1_000 }).toMatch(/企业标签[\s\S]*普通会员[\s\S]*会员资料/)
  const text = await body.innerText()
  return { tier: /会员等级\s+等级说明\s+(\S+)/.exec(text)?.[1] ?? '', timeline: text.slice(text.indexOf('动态')) }
}

it('adding the rep first and registering later ends in a linked member', async () => {
  const { stage } = open
  await stage.givePhoneTo('小安')
  await stage.addStaff('李静')
  await stage.scanMiniProgramCode()
  await stage.register()
  const card = await memberCard('小安')
  expect(card.tier).toBe('普通会员')
  expect(card.timeline).toMatch(/入会|注册/)
  await keepScreen(stage.sidebarPane, '20-added-first')
})

it('registering first and adding the rep later ends in the same linked member', async () => {
  const { stage } = open
  const other = await stage.page.evaluate(async () => {
    type Person = { personId: string; name: string; type: number; hasUnionId: boolean; phoneMasked: string | null }
    const state = (await (await fetch('/_sandbox/state')).json()) as { people: Person[]; relations: { personId: string }[] }
    const names = new Map<string, number>()
    for (const { name } of state.people) names.set(name, (names.get(name) ?? 0) + 1)
    const isFresh = (one: Person): boolean =>
      one.type === 1 && one.hasUnionId && one.phoneMasked !== null && one.name !== '小安' && names.get(one.name) === 1 && !state.relations.some(({ personId }) => personId === one.personId)
    return state.people.find(isFresh)?.name ?? ''
  })
  await stage.givePhoneTo(other)
  await stage.scanMiniProgramCode()
  await stage.register()
  await stage.addStaff('李静')
  const card = await memberCard(other)
  expect(card.tier).toBe('普通会员')
  expect(card.timeline).toMatch(/入会|注册/)
  await keepScreen(stage.sidebarPane, '21-registered-first')
})

it('the console of all pages stayed free of errors', () => {
  expect(open.errors).toEqual([])
})
