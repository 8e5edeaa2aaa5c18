import { beforeAll, describe, expect, it } from 'vitest'
import { useReceiver } from './receiver.ts'
import type { Json } from './client.ts'

const receiver = useReceiver()
const { client } = receiver
const send = (welcomeCode: string, more: Json = { text: { content: '你好' } }): Promise<Json> =>
  client.external('send_welcome_msg', { welcome_code: welcomeCode, ...more })

/** A person adds 李静; the code of the event, or undefined when it had none. */
async function addAndTakeCode(personId: string): Promise<string | undefined> {
  await client.sandbox.world.addContact({ personId, staffUserId: 'rep.li' })
  const event = await receiver.next((candidate) => candidate['ExternalUserID'] === client.externalUserId(personId))
  return event['WelcomeCode']
}

const people: string[] = []
beforeAll(() => {
  people.push(...client.sandbox.world.people.slice(0, 90).filter((person) => person.type === 1).map((person) => person.personId))
})
const nextPerson = (): string => people.shift() ?? ''

describe('§4.5 welcome message', () => {
  it('§4.5 reaches the customer once: the second use is 41050', async () => {
    const personId = nextPerson()
    const code = (await addAndTakeCode(personId)) ?? ''
    expect(await send(code)).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(client.sandbox.world.chat('rep.li', personId)).toMatchObject([{ from: 'staff', kind: 'text', text: '你好' }])
    expect(await send(code)).toMatchObject({ errcode: 41050 })
  })

  it('§4.5 lives 20 seconds after the event', async () => {
    const onTime = (await addAndTakeCode(nextPerson())) ?? ''
    const late = (await addAndTakeCode(nextPerson())) ?? ''
    await client.sandbox.clock.advance(20_000)
    expect(await send(onTime)).toMatchObject({ errcode: 0 })
    await client.sandbox.clock.advance(1)
    expect(await send(late)).toMatchObject({ errcode: 41050 })
  })

  it('§4.5 answers 41049 without and 41050 with an unknown code', async () => {
    expect(await send('')).toMatchObject({ errcode: 41049 })
    expect(await send('made-up')).toMatchObject({ errcode: 41050 })
  })

  it('§4.5 answers 41051 when another app won or the two are talking', async () => {
    const first = nextPerson()
    const beaten = (await addAndTakeCode(first)) ?? ''
    await client.sandbox.world.sendWelcomeByOtherApp({ personId: first, staffUserId: 'rep.li', text: '别的应用' })
    expect(await send(beaten)).toMatchObject({ errcode: 41051 })
    const second = nextPerson()
    const talking = (await addAndTakeCode(second)) ?? ''
    const message = { from: 'person', kind: 'text', text: '在吗', target: null, imageUrl: null } as const
    client.sandbox.world.say({ staffUserId: 'rep.li', personId: second, message })
    expect(await send(talking)).toMatchObject({ errcode: 41051 })
  })

  it('§4.5 puts no code in the event for another corp, a console welcome or an open chat', async () => {
    const typeTwo = client.sandbox.world.people.find((person) => person.type === 2)?.personId ?? ''
    expect(await addAndTakeCode(typeTwo)).toBeUndefined()
    client.sandbox.settings.consoleWelcomeStaff.add('rep.li')
    expect(await addAndTakeCode(nextPerson())).toBeUndefined()
    client.sandbox.settings.consoleWelcomeStaff.clear()
    const chatting = nextPerson()
    const message = { from: 'person', kind: 'text', text: '在吗', target: null, imageUrl: null } as const
    client.sandbox.world.say({ staffUserId: 'rep.li', personId: chatting, message })
    expect(await addAndTakeCode(chatting)).toBeUndefined()
  })

  it('§4.5 sends text with link and mini-program attachments', async () => {
    const personId = nextPerson()
    const code = (await addAndTakeCode(personId)) ?? ''
    const attachments = [
      { msgtype: 'link', link: { title: '会员权益', url: 'https://member.example/benefits' } },
      { msgtype: 'miniprogram', miniprogram: { title: '一键入会', pic_media_id: 'media1', appid: 'wx1', page: 'pages/index/index.html' } },
    ]
    expect(await send(code, { text: { content: '欢迎' }, attachments })).toMatchObject({ errcode: 0 })
    expect(client.sandbox.world.chat('rep.li', personId).map(({ kind, target }) => [kind, target])).toEqual([
      ['text', null], ['link', 'https://member.example/benefits'], ['miniProgram', 'pages/index/index.html'],
    ])
  })

  it.each([
    ['40063 nothing to send', {}, 40063],
    ['41064 ten attachments', { attachments: Array(10).fill({ msgtype: 'image', image: { media_id: 'm' } }) }, 41064],
    ['41065 an unknown kind', { attachments: [{ msgtype: 'voice', voice: { media_id: 'm' } }] }, 41065],
    ['40063 a link without url', { attachments: [{ msgtype: 'link', link: { title: 't' } }] }, 40063],
    ['40063 a mini-program without picture', { attachments: [{ msgtype: 'miniprogram', miniprogram: { title: 't', appid: 'a', page: 'p' } }] }, 40063],
  ])('§4.5 answers %s and keeps the code usable', async (_name, body, errcode) => {
    const code = (await addAndTakeCode(nextPerson())) ?? ''
    expect(await send(code, body)).toMatchObject({ errcode })
    expect(await send(code)).toMatchObject({ errcode: 0 })
  })

  it('§4.5 takes 4000 bytes of text, not 4001', async () => {
    const code = (await addAndTakeCode(nextPerson())) ?? ''
    expect(await send(code, { text: { content: `${'界'.repeat(1333)}ab` } })).not.toMatchObject({ errcode: 0 })
    expect(await send(code, { text: { content: `${'界'.repeat(1333)}a` } })).toMatchObject({ errcode: 0 })
  })
})
