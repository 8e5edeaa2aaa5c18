/** Second approval from the request to the look (R86, trust test 51): everything that must not open a field does not. */
import { randomUUID } from 'node:crypto'
import { AppError } from '@qihui/shared/errors'
import type { RoleGrant } from '@qihui/shared/rights'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { staffWithoutSession, type StaffActor } from '../../http/actor.ts'
import { hashToken } from '../../security/tokens.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { storeContact } from '../contact/commands/storeContact.ts'
import { storeStaff } from '../contact/commands/storeStaff.ts'
import { publishForm } from '../form/commands.ts'
import { answerPlace, dataKeyPlace, phonePlace } from '../member/present.ts'
import { createStaffSessions } from '../staff/sessions.ts'
import { decideApproval } from './commands/decideApproval.ts'
import { endApproval } from './commands/endApproval.ts'
import { requestApproval } from './commands/requestApproval.ts'
import { revealFields } from './commands/revealFields.ts'
import { reviewBreakGlass } from './commands/reviewBreakGlass.ts'
import { listApprovalDesk, listApprovals, listContactApprovals } from './queries.ts'

let services: TestServices
let rep: StaffActor
let otherSession: StaffActor
let otherRep: StaffActor
let approver: StaffActor
let secondApprover: StaffActor
let farApprover: StaffActor
const start = new Date('2026-11-20T02:00:00.000Z')
const idNumber = '11010519491231002X'
const wish = { fieldKeys: ['idNumber'], purpose: 'afterSales' as const, note: '退货需核对证件', minutes: 15, maxViews: 2 }

async function login(staffUserId: string): Promise<StaffActor> {
  const token = `token-${randomUUID()}`
  await services.db.pool.query(`insert into staff_session values ($1, $2, $3::timestamptz, $3::timestamptz + interval '12 hours')`, [hashToken(token), staffUserId, start])
  const actor = await createStaffSessions(services).authenticate(token)
  if (actor === null) throw new Error(`${staffUserId} has no session`)
  return actor
}

async function addStaff(staffUserId: string, departmentId: number, grants: readonly RoleGrant[]): Promise<StaffActor> {
  await storeStaff(services, [{ staffUserId, name: staffUserId, departmentIds: [departmentId] }])
  for (const { role, scope } of grants) {
    await services.db.pool.query(`insert into staff_role (grant_id, staff_user_id, role, scope, granted_by, granted_at) values ($1, $2, $3, $4, 'boss', now())`, [randomUUID(), staffUserId, role, scope])
  }
  return login(staffUserId)
}

async function addMember(externalUserId: string, formVersion: string, followers = ['rep.li']): Promise<void> {
  const { cipher, db } = services
  await storeContact(services, {
    contact: { externalUserId, name: `陈${externalUserId}`, type: 1, avatarUrl: null, corpName: null, unionId: null },
    followUsers: followers.map((staffUserId) => ({ staffUserId, remark: '', addedAt: start, addWay: 1, state: null, tagIds: [] })),
  })
  const { rows } = await db.pool.query<{ person_id: string }>('select person_id from external_contact where external_user_id = $1', [externalUserId])
  const memberId = randomUUID()
  const { key, sealed } = cipher.newDataKey(dataKeyPlace(memberId))
  const phone = `+8613900${String(Math.random()).slice(2, 8)}`
  await db.pool.query(
    `insert into member (member_id, person_id, member_no, data_key_sealed, phone_sealed, phone_index, tier, tier_since, growth_value, form_version, policy_version, registered_at, last_activity_at)
      values ($1, $2, $3, $4, $5, $6, 'normal', now(), 100, $7, '2026-01', now(), now())`,
    [memberId, rows[0]?.person_id, memberId.slice(0, 12), sealed, cipher.seal(phonePlace(memberId), phone, key), cipher.indexOf('member.phone', phone), formVersion],
  )
  const seal = (field: string, value: string) => cipher.seal(answerPlace(memberId, field), JSON.stringify(value), key)
  await db.pool.query(`insert into member_answer (member_id, field_key, value_sealed, form_version, answered_at) select $1, key, value, $4, now() from unnest($2::text[], $3::bytea[]) as a(key, value)`,
    [memberId, ['idNumber', 'address'], [seal('idNumber', idNumber), seal('address', '上海市某路 1 号')], formVersion])
}

beforeAll(async () => {
  services = await createTestServices({ settings: { BREAK_GLASS_ROLES: 'serviceAgent' } })
  rep = await addStaff('rep.li', 2, [])
  otherSession = await login('rep.li')
  otherRep = await addStaff('rep.wang', 2, [{ role: 'serviceAgent', scope: 'own' }])
  approver = await addStaff('lead.zhao', 2, [{ role: 'approver', scope: 'department' }])
  secondApprover = await addStaff('lead.qian', 9, [{ role: 'approver', scope: 'all' }])
  farApprover = await addStaff('lead.far', 3, [{ role: 'approver', scope: 'department' }])
  const field = { purpose: '售后', legalBasis: 'consent', retentionDays: 90, isRequired: false, step: 1, confirmation: 'none', type: 'text', class: 'S', assessmentId: 'PIA-1' } as const
  const by = staffWithoutSession('boss', '老板', true)
  const { version } = await publishForm(services, by, { formKey: 'sensitive', name: '敏感', replaces: null, definition: { fields: [{ ...field, key: 'idNumber', label: '证件号' }, { ...field, key: 'address', label: '住址' }] } })
  for (const id of ['wmOne', 'wmTwo', ...Array.from({ length: 21 }, (_unused, index) => `wmMany${index}`)]) await addMember(id, version, ['rep.li', 'rep.wang'])
}, 60_000)
beforeEach(async () => {
  services.clock.at = start
  await services.db.pool.query('delete from approval')
})
afterAll(() => services.close())

const minutesOn = (minutes: number) => (services.clock.at = new Date(start.getTime() + minutes * 60_000))
const ask = async (change: Partial<typeof wish & { isBreakGlass: boolean }> = {}, by = rep, contact = 'wmOne') => (await requestApproval(services, by, contact, { ...wish, ...change }, 'r1')).approvalId
const decide = (grantId: string, by = approver, version = 1, verdict: 'approve' | 'deny' = 'approve') => decideApproval(services, by, grantId, { verdict, version }, 'r2')
const reveal = (grantId: string, by = rep, contact = 'wmOne', fieldKeys?: string[]) => revealFields(services, by, contact, { grantId, ...(fieldKeys ? { fieldKeys } : {}) }, `look-${grantId}`)
const opened = async () => {
  const grantId = await ask()
  await decide(grantId)
  return grantId
}
/** What is answered: the values, or the code of the refusal. */
const told = (answer: Promise<{ fields: { value: string }[] } | { state: string }>) =>
  answer.then((done) => ('fields' in done && !('state' in done) ? done.fields.map(({ value }) => value).join() : 'state' in done ? done.state : ''), (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)))
const looks = async (grantId: string) => (await services.db.pool.query<{ outcome: string }>('select outcome from audit_entry where subject = $1 and action = $2 order by at, audit_entry_id', [`approval:${grantId}`, 'field.reveal'])).rows.map(({ outcome }) => outcome)

describe('a request', () => {
  it('is for what the viewer knows of and does not see, of a customer in reach', async () => {
    expect(await told(requestApproval(services, rep, 'wmOne', { ...wish, fieldKeys: ['memberNo'] }, 'r1'))).toBe('approval.notOpenable')
    expect(await told(requestApproval(services, rep, 'wmOne', { ...wish, fieldKeys: ['idNumber', 'unknown'] }, 'r1'))).toBe('approval.notOpenable')
    expect(await told(requestApproval(services, approver, 'wmOne', wish, 'r1'))).toBe('contact.notFollowing')
    expect(await told(requestApproval(services, rep, 'wmNobody', wish, 'r1'))).toBe('contact.notFollowing')
    expect(await told(requestApproval(services, rep, 'wmOne', { ...wish, fieldKeys: ['idNumber', 'phone'] }, 'r1'))).toBe('requested')
  })

  it('reaches the approvers in scope, with a masked name and no value', async () => {
    const approvalId = await ask()
    expect((await listApprovals(services, approver)).forMe).toMatchObject([{ approvalId, customerName: '陈**', fields: [{ key: 'idNumber', label: '证件号' }], canDecide: true, canReveal: false }])
    expect((await listApprovals(services, farApprover)).forMe).toEqual([])
    expect(await listApprovals(services, rep)).toMatchObject({ forMe: [], mine: [{ approvalId, canCancel: true, canDecide: false }] })
    expect(JSON.stringify(await listApprovalDesk(services, secondApprover))).not.toContain(idNumber)
    expect((await listApprovalDesk(services, farApprover)).waiting).toEqual([])
  })

  it('is not decided by its requester, out of scope, of an older version, or too late', async () => {
    await services.db.pool.query(`insert into staff_role (grant_id, staff_user_id, role, scope, granted_by, granted_at) values ($1, 'rep.li', 'approver', 'all', 'boss', now())`, [randomUUID()])
    const approvalId = await ask()
    expect(await told(decide(approvalId, rep))).toBe('approval.selfDecision')
    await services.db.pool.query(`delete from staff_role where staff_user_id = 'rep.li'`)
    expect(await told(decide(approvalId, farApprover))).toBe('request.notFound')
    expect(await told(decide(approvalId, otherRep))).toBe('request.notFound')
    expect(await told(decide(approvalId, approver, 2))).toBe('approval.changed')
    expect(await told(decide(randomUUID()))).toBe('request.notFound')
    await services.db.pool.query(`update staff_session set expires_at = expires_at + interval '2 days'`)
    minutesOn(24 * 60)
    expect(await told(decide(approvalId))).toBe('approval.changed')
  })

  it('has one decision when two approvers race', async () => {
    const approvalId = await ask()
    const outcomes = await Promise.all([told(decide(approvalId, approver)), told(decide(approvalId, secondApprover, 1, 'deny'))])
    expect(outcomes.filter((outcome) => outcome === 'approval.changed')).toHaveLength(1)
    const { rows } = await services.db.pool.query('select state, version, cardinality(approver_ids) as approvers from approval')
    expect(rows).toEqual([{ state: outcomes.find((outcome) => outcome !== 'approval.changed'), version: 2, approvers: 1 }])
  })

  it('about more than twenty persons in a day needs two', async () => {
    for (let index = 0; index < 20; index += 1) await ask({}, rep, `wmMany${index}`)
    const approvalId = await ask({}, rep, 'wmMany20')
    expect((await decide(approvalId)).state).toBe('requested')
    expect(await told(reveal(approvalId, rep, 'wmMany20'))).toBe('approval.notOpen')
    expect(await told(decide(approvalId, approver, 2))).toBe('approval.selfDecision')
    expect((await decide(approvalId, secondApprover, 2)).state).toBe('approved')
    expect(await told(reveal(approvalId, rep, 'wmMany20'))).toBe(idNumber)
    expect((await listApprovalDesk(services, secondApprover)).alerts).toEqual(expect.arrayContaining([{ kind: 'manyPersons', day: '2026-11-20', requester: 'rep.li', approver: null, count: 21 }]))
  })
})

describe('a grant', () => {
  it('opens exactly its fields, as often as it says, after each look is in the audit', async () => {
    const grantId = await opened()
    expect(await reveal(grantId)).toEqual({
      fields: [{ key: 'idNumber', label: '证件号', type: 'text', value: idNumber }],
      openUntil: '2026-11-20T02:15:00.000Z',
      viewsLeft: 1,
      watermark: { staffUserId: 'rep.li', name: 'rep.li', at: '2026-11-20T02:00:00.000Z' },
    })
    expect(await told(reveal(grantId))).toBe(idNumber)
    expect(await told(reveal(grantId))).toBe('approval.notOpen')
    expect(await looks(grantId)).toEqual(['shown', 'shown', 'refused'])
  })

  it('does not open for others, in another login, for another member or another field, before or after its time', async () => {
    const waiting = await ask()
    expect(await told(reveal(waiting))).toBe('approval.notOpen')
    const grantId = await opened()
    expect(await told(reveal(grantId, otherRep))).toBe('request.notFound')
    expect(await told(reveal(grantId, otherSession))).toBe('approval.notOpen')
    expect(await told(reveal(grantId, rep, 'wmTwo'))).toBe('approval.notOpen')
    expect(await told(reveal(grantId, rep, 'wmOne', ['address']))).toBe('approval.notOpen')
    expect(await told(reveal(grantId, rep, 'wmOne', ['idNumber', 'address']))).toBe('approval.notOpen')
    minutesOn(15)
    expect(await told(reveal(grantId))).toBe('approval.notOpen')
    expect(new Set(await looks(grantId))).toEqual(new Set(['refused']))
    const { rows } = await services.db.pool.query('select views from approval where approval_id = $1', [grantId])
    expect(rows).toEqual([{ views: 0 }])
  })

  it('is gone with the role, with the customer handed over, and with the login', async () => {
    const grantId = await opened()
    await services.db.pool.query('update rights_setting set default_role = null')
    expect(await told(reveal(grantId))).toBe('approval.notOpen')
    await services.db.pool.query(`update rights_setting set default_role = 'salesRep'`)
    await services.db.pool.query(`update follow_user set ended_at = now() where external_user_id = 'wmOne' and staff_user_id = 'rep.li'`)
    expect(await told(reveal(grantId))).toBe('approval.notOpen')
    await services.db.pool.query(`update follow_user set ended_at = null where external_user_id = 'wmOne'`)
    await services.db.pool.query(`update staff_session set revoked_at = now() where token_hash = $1`, [Buffer.from(rep.sessionId ?? '', 'hex')])
    expect(await told(reveal(grantId))).toBe('session.expired')
    await services.db.pool.query('update staff_session set revoked_at = null')
    expect(await told(reveal(grantId))).toBe(idNumber)
  })

  it('shows nothing when the audit cannot be written, and counts no look', async () => {
    const grantId = await opened()
    await expect(revealFields(services, rep, 'wmOne', { grantId }, 'cannot be written: \0')).rejects.toThrow()
    const { rows } = await services.db.pool.query('select views from approval where approval_id = $1', [grantId])
    expect(rows).toEqual([{ views: 0 }])
  })

  it('taken back beats the looks that race with it: after the revocation nothing is shown', async () => {
    for (let round = 0; round < 5; round += 1) {
      const grantId = await opened()
      let isRevoked = false
      const shownAfter: boolean[] = []
      const look = async () => {
        const wasRevoked = isRevoked
        if ((await told(reveal(grantId))) === idNumber) shownAfter.push(wasRevoked)
      }
      await Promise.all([look(), look(), endApproval(services, approver, grantId, 'revoke', 'r3').then(({ state }) => (isRevoked = state === 'revoked')), look()])
      expect(isRevoked).toBe(true)
      expect(shownAfter).not.toContain(true)
      expect(await told(reveal(grantId))).toBe('approval.notOpen')
      expect((await looks(grantId)).filter((outcome) => outcome === 'shown').length).toBeLessThanOrEqual(2)
    }
  })

  it('is counted once per look when looks race', async () => {
    const grantId = await opened()
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => told(reveal(grantId))))
    expect(outcomes.filter((outcome) => outcome === idNumber)).toHaveLength(2)
  })

  it('waiting is cancelled by its requester alone, and not twice', async () => {
    const approvalId = await ask()
    expect(await told(endApproval(services, approver, approvalId, 'cancel', 'r3'))).toBe('request.notFound')
    expect(await told(endApproval(services, rep, approvalId, 'cancel', 'r3'))).toBe('cancelled')
    expect(await told(endApproval(services, rep, approvalId, 'cancel', 'r3'))).toBe('approval.changed')
    expect((await listContactApprovals(services, rep, 'wmOne')).approvals).toMatchObject([{ approvalId, state: 'cancelled' }])
  })
})

describe('an emergency', () => {
  it('opens at once for the named roles alone, is loud, and is reviewed by somebody else', async () => {
    expect(await told(requestApproval(services, rep, 'wmOne', { ...wish, isBreakGlass: true }, 'r1'))).toBe('approval.emergencyDenied')
    const grantId = await ask({ isBreakGlass: true, minutes: 30 }, otherRep)
    expect((await reveal(grantId, otherRep)).openUntil).toBe('2026-11-20T02:10:00.000Z')
    const { rows } = await services.db.pool.query('select message from risk_alarm where alarm_key = $1', [`breakGlass:${grantId}`])
    expect(rows).toEqual([{ message: 'rep.wang未经审批紧急打开了敏感信息，请在 24 小时内到“敏感信息审批”复核' }])
    await services.db.pool.query(`update staff_session set expires_at = expires_at + interval '2 days'`)
    minutesOn(25 * 60)
    expect((await listApprovalDesk(services, approver)).toReview).toMatchObject([{ approvalId: grantId, isReviewOverdue: true, canReview: true }])
    const review = { verdict: 'justified' as const, note: '确有必要' }
    expect(await told(reviewBreakGlass(services, farApprover, grantId, review, 'r4'))).toBe('request.notFound')
    expect(await told(reviewBreakGlass(services, otherRep, grantId, review, 'r4'))).toBe('approval.selfDecision')
    expect((await reviewBreakGlass(services, approver, grantId, review, 'r4')).review).toMatchObject({ verdict: 'justified', by: 'lead.zhao' })
    expect(await told(reviewBreakGlass(services, approver, grantId, review, 'r4'))).toBe('approval.changed')
    expect((await listApprovalDesk(services, approver)).toReview).toEqual([])
  })
})

it('what looks odd is told: the same pair, the night, decisions too quick to have been read', async () => {
  services.clock.at = new Date('2026-11-20T15:00:00.000Z')
  await services.db.pool.query(`update staff_session set expires_at = expires_at + interval '2 days'`)
  for (let index = 0; index < 6; index += 1) await decide(await ask())
  const { alerts } = await listApprovalDesk(services, secondApprover)
  const pair = { day: '2026-11-20', requester: 'rep.li', approver: 'lead.zhao', count: 6 }
  expect(alerts).toEqual([{ kind: 'hasty', ...pair }, { kind: 'night', ...pair }, { kind: 'samePair', ...pair }])
  expect((await listApprovalDesk(services, approver)).alerts).toEqual([])
})
