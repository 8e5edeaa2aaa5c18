import { describe, expect, it } from 'vitest'
import type { DesktopContext } from './context.ts'
import { sendChatMessage } from './sendChatMessage.ts'

const inChat: DesktopContext = { entry: 'single_chat_tools', staffUserId: 'rep.li', hasContactRight: true, personId: 'p001', externalUserId: 'wmA', chatId: null }
const card = { msgtype: 'miniprogram', miniprogram: { appid: 'wx1', title: '入会', imgUrl: 'https://a.example/a.png', page: 'pages/landing/index.html?token=x' } }

async function send(parameters: Record<string, unknown>, context = inChat): Promise<{ refusal: string | null; sent: unknown[] }> {
  const sent: unknown[] = []
  const refusal = await sendChatMessage(parameters, context, async (_path, body) => sent.push(body))
  return { refusal, sent }
}

describe('sendChatMessage [2.5]', () => {
  it('sends a card whose page ends in .html, and drops that ending', async () => {
    const { refusal, sent } = await send(card)
    expect(refusal).toBeNull()
    expect(sent).toEqual([{ staffUserId: 'rep.li', personId: 'p001', from: 'staff', kind: 'miniProgram', text: '入会', target: 'pages/landing/index?token=x', imageUrl: 'https://a.example/a.png' }])
  })

  it.each([
    [{ ...card, miniprogram: { ...card.miniprogram, imgUrl: '/a.png' } }, 'invalid imgUrl'],
    [{ ...card, miniprogram: { ...card.miniprogram, page: 'pages/landing/index' } }, 'invalid page'],
    [{ msgtype: 'news', news: { link: 'nowhere', title: 'x' } }, 'invalid link'],
    [{ msgtype: 'text', text: {} }, 'invalid content'],
    [{ msgtype: 'sticker' }, 'invalid msgtype'],
  ])('refuses %j with the reason', async (parameters, reason) => {
    expect(await send(parameters)).toEqual({ refusal: reason, sent: [] })
  })

  it('needs a single chat and the right to serve customers', async () => {
    expect((await send(card, { ...inChat, entry: 'normal', personId: null })).refusal).toBe('without context of external contact')
    expect((await send(card, { ...inChat, hasContactRight: false })).refusal).toBe('no permission')
  })
})
