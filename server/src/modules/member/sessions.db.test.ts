import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { createMemberSessions, memberSessionTtlMs } from './sessions.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

const openIdOf = (index: number) => `o-session-${index}`
const open = async (openId: string) => (await createMemberSessions(services).openFor({ namespace: miniProgramNamespace(services.env), openId, unionId: null, externalUserId: null })).sessionToken

describe('a session', () => {
  it('ends at its time, remembered or not', async () => {
    const sessions = createMemberSessions(services)
    const { sessionToken } = await sessions.openFor({ namespace: miniProgramNamespace(services.env), openId: 'o-session-last', unionId: null, externalUserId: null })
    services.clock.at = new Date(services.clock.at.getTime() + memberSessionTtlMs - 1)
    expect(await sessions.authenticate(sessionToken)).toMatchObject({ openId: 'o-session-last' })
    services.clock.at = new Date(services.clock.at.getTime() + 1)
    expect(await sessions.authenticate(sessionToken)).toBeNull()
  })
})

describe('sessions that are asked for at once, by a process that remembers none', () => {
  it('are each their own person, and nobody without one gets another', async () => {
    const ended = await open('o-session-ended')
    services.clock.at = new Date(services.clock.at.getTime() + memberSessionTtlMs + 1)
    const tokens: string[] = []
    for (let index = 0; index < 12; index += 1) tokens.push(await open(openIdOf(index)))
    const sessions = createMemberSessions(services)
    const asked = tokens.flatMap((token) => [token, `${token}x`])
    const actors = await Promise.all([...asked, ended].map((token) => sessions.authenticate(token)))
    expect(actors.map((actor) => actor?.openId ?? null)).toEqual([...tokens.flatMap((_token, index) => [openIdOf(index), null]), null])
  })
})
