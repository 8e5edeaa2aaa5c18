import { describe, expect, it } from 'vitest'
import { useSandbox } from './client.ts'
import { credentials } from '../world/credentials.ts'
import type { Json } from './client.ts'

const client = useSandbox()

function ask(change: Record<string, unknown> = {}): Promise<Json> {
  const openid = client.sandbox.world.person('p001').mpOpenId
  return client.wechat('/wxa/getuserriskrank', {}, { appid: credentials.mpAppId, openid, scene: 0, client_ip: '203.0.113.7', ...change })
}

describe('the risk rank of a user', () => {
  it('is 0 until it is set', async () => {
    expect(await ask()).toMatchObject({ errcode: 0, risk_rank: 0, unoin_id: expect.any(Number) })
    client.sandbox.world.setRiskRank('p001', 4)
    expect(await ask()).toMatchObject({ errcode: 0, risk_rank: 4 })
    expect(await ask({ openid: client.sandbox.world.person('p002').mpOpenId })).toMatchObject({ risk_rank: 0 })
  })

  it.each([
    [{ appid: 'wx0' }, 40013],
    [{ openid: 'of-somebody-else' }, 40003],
    [{ scene: 7 }, 40129],
    [{ client_ip: undefined }, 40097],
  ])('refuses %j with %i', async (change, errcode) => {
    expect(await ask(change)).toMatchObject({ errcode })
  })

  it('goes from 0 to 4', () => {
    expect(() => client.sandbox.world.setRiskRank('p001', 5)).toThrow('0 到 4')
  })
})
