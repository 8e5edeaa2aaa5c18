import { changeContactTags } from '@qihui/shared/corp-tag'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { refusing } from '../../../testing/contractServer.ts'
import { openSidebar } from '../../../testing/openSidebar.ts'
import { memberCard } from '../../../testing/samples.ts'

let page: ReturnType<typeof openSidebar>
const seen = (words: string) => expect.poll(() => page.text(), { timeout: 2_000 }).toContain(words)
const shownTags = () => Array.from(document.querySelectorAll('.tags .tag span:not(.sr-only)'), (element) => element.textContent)
function found<E extends HTMLElement>(selector: string): E {
  const element = document.querySelector<E>(selector)
  if (!element) throw new Error(`Nothing matches ${selector}`)
  return element
}
const choice = (name: string) => {
  const found = Array.from(document.querySelectorAll<HTMLButtonElement>('[role=checkbox]')).find((element) => element.textContent?.trim() === name)
  if (!found) throw new Error(`No tag ${name}`)
  return found
}

async function openSheet(settings: Parameters<typeof openSidebar>[0] = {}): Promise<void> {
  page = openSidebar(settings)
  await seen('银卡会员')
  page.press('编辑标签')
  await expect.poll(() => document.querySelectorAll('[role=checkbox]').length, { timeout: 2_000 }).toBe(3)
}

describe('editing corp tags', () => {
  beforeEach(() => sessionStorage.clear())
  afterEach(() => page.close())

  it('sends what was added and what was taken away, under one key', async () => {
    let sent: unknown
    await openSheet({
      prepare: (server) =>
        server.on(changeContactTags, ({ body }) => {
          sent = body
          return { corpTags: [...memberCard.corpTags.slice(0, 1), { tagId: 'etBeauty', name: '美妆', groupName: '兴趣', isManaged: false }] }
        }),
    })
    choice('美妆').click()
    choice('母婴').click()
    await expect.poll(() => choice('美妆').getAttribute('aria-checked')).toBe('true')
    page.press('保存（2 项改动）')
    await seen('标签已保存')
    expect(sent).toEqual({ addTagIds: ['etBeauty'], removeTagIds: ['etBaby'] })
    expect(shownTags()).toEqual(['银卡会员', '美妆'])
    expect(page.server.keys).toHaveLength(1)
  })

  it('shows a managed tag locked, with the reason, and leaves it alone', async () => {
    await openSheet()
    expect(page.text()).toContain('由系统按会员等级自动维护')
    expect(choice('银卡会员').getAttribute('aria-disabled')).toBe('true')
    choice('银卡会员').click()
    expect(choice('银卡会员').getAttribute('aria-checked')).toBe('true')
    expect(page.button('保存').disabled).toBe(true)
  })

  it('shows the change at once and takes it back when the server refuses', async () => {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    await openSheet({
      prepare: (server) =>
        server.on(changeContactTags, async () => {
          await held
          return refusing({ kind: 'problem', code: 'corpTag.unknown' })
        }),
    })
    choice('美妆').click()
    await expect.poll(() => choice('美妆').getAttribute('aria-checked')).toBe('true')
    page.press('保存（1 项改动）')
    await expect.poll(shownTags).toEqual(['银卡会员', '母婴', '美妆'])
    release()
    await seen('标签没有保存，已恢复原样')
    expect(shownTags()).toEqual(['银卡会员', '母婴'])
  })

  it('finds tags by a part of their name', async () => {
    await openSheet()
    const search = found<HTMLInputElement>('input[type=search]')
    search.value = '美'
    search.dispatchEvent(new Event('input'))
    await expect.poll(() => document.querySelectorAll('[role=checkbox]').length).toBe(1)
    search.value = '没有的'
    search.dispatchEvent(new Event('input'))
    await seen('没有找到这个标签')
  })

  it('takes the focus, closes on Escape and gives the focus back', async () => {
    page = openSidebar()
    await seen('银卡会员')
    page.button('编辑标签').focus()
    page.press('编辑标签')
    await expect.poll(() => document.activeElement?.textContent, { timeout: 2_000 }).toBe('编辑企业标签')
    found('[role=dialog]').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    await expect.poll(() => document.querySelector('[role=dialog]')).toBeNull()
    expect(document.activeElement).toBe(page.button('编辑标签'))
  })
})
