import { describe, expect, it } from 'vitest'
import { useReceiver } from './receiver.ts'
import credentials from '../credentials.json' with { type: 'json' }
import type { Json } from './client.ts'

const { client } = useReceiver()
const card = { title: '有一条申请等待审批', description: '请点击查看并处理', url: 'https://member.example/sidebar/', btntxt: '查看' }
const send = (touser: string, more: Json = {}): Promise<Json> => client.corp('/cgi-bin/message/send', {}, { touser, msgtype: 'textcard', agentid: Number(credentials.agentId), textcard: card, ...more })
const inbox = () => client.sandbox.world.outbox().filter(({ medium }) => medium === 'app')

describe('message/send (document 90236)', () => {
  it('reaches whom the app sees, and names the others', async () => {
    expect(await send('rep.li|FIN.ma')).toMatchObject({ errcode: 0, invaliduser: 'fin.ma', msgid: expect.any(String) })
    expect(inbox()).toMatchObject([{ to: 'rep.li', subject: card.title, text: expect.stringContaining(card.url), personId: null }])
    expect(await send('fin.ma')).toMatchObject({ errcode: 81013 })
  })

  it('delivers the very same request once when asked to look for repeats', async () => {
    const before = inbox().length
    const once = { enable_duplicate_check: 1, duplicate_check_interval: 14_400 }
    for (let time = 0; time < 2; time += 1) expect(await send('rep.wang', once)).toMatchObject({ errcode: 0 })
    expect(await send('rep.wang', { ...once, textcard: { ...card, url: `${card.url}?other` } })).toMatchObject({ errcode: 0 })
    expect(inbox().length - before).toBe(2)
  })

  it('refuses another agent, an unknown kind, and a card without an address', async () => {
    expect(await send('rep.li', { agentid: 1 })).toMatchObject({ errcode: 301002 })
    expect(await send('rep.li', { msgtype: 'telegram' })).toMatchObject({ errcode: 40008 })
    expect(await send('rep.li', { textcard: { ...card, url: '' } })).toMatchObject({ errcode: 40058 })
  })
})
