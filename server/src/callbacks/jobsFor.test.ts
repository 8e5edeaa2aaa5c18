import { describe, expect, it } from 'vitest'
import type { CallbackEvent } from '../wecom/openCallback.ts'
import { jobsFor } from './jobsFor.ts'

const digest = 'd1'
const receivedAt = new Date(1_789_000_000_500)

function contactEvent(changeType: string, more: Record<string, string> = {}): CallbackEvent {
  return {
    event: 'change_external_contact',
    changeType,
    fields: new Map(Object.entries({ UserID: 'rep.li', ExternalUserID: 'wmSIM0001', CreateTime: '1789000000', ...more })),
  }
}

describe('jobsFor', () => {
  it.each(['add_external_contact', 'add_half_external_contact'])('greets and mirrors on %s with a welcome code', (changeType) => {
    const jobs = jobsFor(contactEvent(changeType, { WelcomeCode: 'wc1' }), digest, receivedAt)
    expect(jobs).toEqual([
      {
        job: 'sendWelcome',
        job_key: digest,
        payload: { eventDigest: digest, externalUserId: 'wmSIM0001', staffUserId: 'rep.li', welcomeCode: 'wc1', receivedAtMs: receivedAt.getTime() },
      },
      { job: 'mirrorContact', job_key: 'wmSIM0001', payload: { externalUserId: 'wmSIM0001' } },
    ])
  })

  it('counts the life of a welcome code from the first push, not from the repeat that reached us', () => {
    const jobs = jobsFor({ ...contactEvent('add_external_contact', { WelcomeCode: 'wc1' }), ageMs: 12_000 }, digest, receivedAt)
    expect(jobs?.[0]?.payload).toMatchObject({ receivedAtMs: receivedAt.getTime() - 12_000 })
  })

  it('only mirrors when the event carries no welcome code', () => {
    expect(jobsFor(contactEvent('add_external_contact'), digest, receivedAt)?.map(({ job }) => job)).toEqual(['mirrorContact'])
  })

  it.each([
    ['del_external_contact', {}, 'staff'],
    ['del_external_contact', { Source: 'DELETE_BY_TRANSFER' }, 'transfer'],
    ['del_follow_user', {}, 'customer'],
  ])('ends the relation on %s %j by %s', (changeType, more, endedBy) => {
    expect(jobsFor(contactEvent(changeType, more), digest, receivedAt)).toEqual([
      {
        job: 'endFollow',
        job_key: 'wmSIM0001:rep.li:1789000000000',
        payload: { externalUserId: 'wmSIM0001', staffUserId: 'rep.li', endedBy, endedAtMs: 1_789_000_000_000 },
      },
    ])
  })

  it.each([
    ['change_external_tag', 'syncCorpTags'],
    ['change_contact', 'syncStaff'],
  ])('answers %s with %s', (event, job) => {
    expect(jobsFor({ event, changeType: 'update', fields: new Map() }, digest, receivedAt)?.map((wanted) => wanted.job)).toEqual([job])
  })

  it.each(['customer_acquisition', '', '__proto__'])('knows no work for the event %j', (event) => {
    expect(jobsFor({ event, changeType: 'x', fields: new Map() }, digest, receivedAt)).toBeNull()
  })

  it('wants nothing for ids that are none of WeCom', () => {
    expect(jobsFor(contactEvent('edit_external_contact', { ExternalUserID: 'robert"); drop table' }), digest, receivedAt)).toEqual([])
  })
})
