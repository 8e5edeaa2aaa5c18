import { describe, expect, it } from 'vitest'
import { START_MS, useSandbox } from './client.ts'

const client = useSandbox()
const DAY = 86_400
/** Midnight in Shanghai of the world's first day. */
const TODAY = START_MS / 1000 - 10 * 3600
const ask = (body: Record<string, unknown>) => client.external('get_user_behavior_data', body)

describe('92132 figures of employees', () => {
  it('92132 answers one line per local day, both ends included, a time within a day rounded down', async () => {
    const { behavior_data: days } = await ask({ userid: ['rep.li'], start_time: TODAY - 2 * DAY + 5, end_time: TODAY - DAY + 7 })
    expect(days).toMatchObject([{ stat_time: TODAY - 2 * DAY }, { stat_time: TODAY - DAY }])
    expect(JSON.stringify(days)).not.toContain('external')
  })

  it('92132 sums several employees instead of listing them', async () => {
    const span = { start_time: TODAY - DAY, end_time: TODAY - DAY }
    const chats = async (userid: string[]) => ((await ask({ userid, ...span }))['behavior_data'] as { chat_cnt: number }[])[0]?.chat_cnt ?? 0
    expect(await chats(['rep.li', 'rep.chen'])).toBe((await chats(['rep.li'])) + (await chats(['rep.chen'])))
  })

  it.each([
    ['today', TODAY, TODAY],
    ['more than 30 days', TODAY - 31 * DAY, TODAY - DAY],
    ['older than 180 days', TODAY - 181 * DAY, TODAY - 180 * DAY],
    ['an end before its beginning', TODAY - DAY, TODAY - 2 * DAY],
  ])('92132 refuses %s', async (_name, start, end) => {
    expect((await ask({ userid: ['rep.li'], start_time: start, end_time: end }))['errcode']).not.toBe(0)
  })

  it('92132 answers 60011 for somebody outside the visibility', async () => {
    expect(await ask({ userid: ['fin.ma'], start_time: TODAY - DAY, end_time: TODAY - DAY })).toMatchObject({ errcode: 60011 })
  })
})
