import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffWithoutSession, type MemberActor } from '../../http/actor.ts'
import { requestHashOf } from '../../http/idempotency.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { grantConsent } from '../consent/commands.ts'
import { publishForm } from '../form/commands.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { registerMember } from '../registration/commands.ts'
import { sessionSource } from '../registration/source.ts'
import { correctOwnData } from './commands/correctOwnData.ts'
import { createExport, downloadExport, type ExportLine } from './commands/exports.ts'
import { changeHold, placeHold } from './commands/holds.ts'
import { lifecycleHandlers } from './handlers.ts'
import { exportOwnData } from './ownCopy.ts'
import { getOwnData } from './ownData.ts'
import { listExports, listHolds } from './queries.ts'

let services: TestServices
const operator = (staffUserId: string) => staffWithoutSession(staffUserId, staffUserId, true)
const actors = new Map<string, MemberActor>()
const base = { purpose: '了解偏好', legalBasis: 'consent', retentionDays: 180, isRequired: false, step: 2, confirmation: 'none' } as const

beforeAll(async () => {
  services = await createTestServices()
  const form = await services.forms.inForce('default', services.now())
  const fields = [...form.definition.fields, { ...base, key: 'city', label: '城市', type: 'text', class: 'N' }, { ...base, key: 'allergy', label: '过敏史', type: 'text', class: 'S', assessmentId: 'PIA-1' }] as never
  await publishForm(services, operator('manager.wu'), { formKey: 'default', replaces: form.version, definition: { fields } } as never)
})
afterAll(() => services.close())

async function join(name: string, phone: string): Promise<{ actor: MemberActor; memberNo: string }> {
  const actor: MemberActor = { kind: 'member', sessionId: randomUUID(), namespace: miniProgramNamespace(services.env), externalUserId: null, openId: `openid-${name}`, unionId: `unionid-${name}` }
  actors.set(name, actor)
  const { consentIds } = await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership'] })
  const { version } = await services.forms.inForce('default', services.now())
  const input = { phone, consentIds, policyVersion: '2026-01', formVersion: version, answers: { city: '=HYPERLINK("http://evil")' } }
  const { member } = await registerMember(services, sessionSource(services.env, actor), input, { scope: name, key: randomUUID(), requestHash: requestHashOf([input]) })
  return { actor, memberNo: member.memberNo }
}

describe('a member’s own centre', () => {
  it('shows everything raw with purpose, source and retention, also as a copy that a spreadsheet opens as text', async () => {
    const { actor, memberNo } = await join('own', '+8613900001111')
    const { fields, records } = await getOwnData(services, actor)
    expect(fields.map(({ label, value }) => `${label}=${value}`)).toEqual(expect.arrayContaining([`会员号=${memberNo}`, '手机号=+8613900001111', '城市==HYPERLINK("http://evil")', '小程序 openid=openid-own', '微信 unionid=unionid-own']))
    expect(fields.every(({ purpose, source, retention }) => purpose !== '' && source !== '' && retention !== '')).toBe(true)
    expect(records.find(({ label }) => label === '成长值明细')?.count).toBe(1)
    const json = JSON.parse((await exportOwnData(services, actor, 'json')).content) as { fields: unknown[]; records: { consents: unknown[] } }
    expect(json.fields).toHaveLength(fields.length)
    expect(json.records.consents).toHaveLength(1)
    const csv = (await exportOwnData(services, actor, 'csv')).content
    expect(csv).toContain('+8613900001111')
    expect(csv).not.toMatch(/(^|,|")=/m)
  })

  it('is corrected by the rules of the form, an empty answer is taken back, a sensitive one needs its consent', async () => {
    const { actor } = await join('correct', '+8613900002222')
    expect(await correctOwnData(services, actor, { city: '深圳' }, 'r')).toEqual(['city'])
    const cityOf = async () => (await getOwnData(services, actor)).fields.find(({ key }) => key === 'city')?.value
    expect(await cityOf()).toBe('深圳')
    await expect(correctOwnData(services, actor, { allergy: '花生' }, 'r')).rejects.toMatchObject({ code: 'consent.required' })
    await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['sensitive:allergy'] as never })
    expect(await correctOwnData(services, actor, { allergy: '花生', city: null }, 'r')).toEqual(['city', 'allergy'])
    expect(await cityOf()).toBeUndefined()
    expect((await services.db.pool.query(`select fields from audit_entry where action = 'ownData.corrected' order by at, audit_entry_id`)).rows).toHaveLength(2)
  })

  it('is closed to whoever is no member', async () => {
    const stranger: MemberActor = { kind: 'member', sessionId: randomUUID(), namespace: miniProgramNamespace(services.env), externalUserId: null, openId: 'nobody', unionId: null }
    await expect(getOwnData(services, stranger)).rejects.toMatchObject({ code: 'member.notFound' })
    await expect(exportOwnData(services, stranger, 'csv')).rejects.toMatchObject({ code: 'member.notFound' })
  })
})

describe('a legal hold', () => {
  it('holds from the start, is approved by somebody else, reviewed and lifted with a reason; each is audited', async () => {
    const { memberNo } = await join('held', '+8613900003333')
    const hold = await placeHold(services, operator('manager.xu'), { subject: { scope: 'person', memberNo }, reason: '诉讼保全', days: 90 }, 'r')
    expect(hold).toMatchObject({ isHolding: true, memberNo, approvedBy: null })
    const change = (by: string, kind: 'approve' | 'review' | 'lift', note = '') => changeHold(services, operator(by), hold.holdId, { change: kind, note }, 'r')
    await expect(change('manager.xu', 'approve')).rejects.toMatchObject({ code: 'hold.refused' })
    expect(await change('manager.wu', 'approve')).toMatchObject({ approvedBy: 'manager.wu' })
    await expect(change('manager.wu', 'approve')).rejects.toMatchObject({ code: 'hold.refused' })
    await expect(change('manager.wu', 'lift')).rejects.toMatchObject({ code: 'hold.refused' })
    expect(await change('manager.xu', 'lift', '案件已结')).toMatchObject({ isHolding: false, liftedBy: 'manager.xu' })
    await expect(change('manager.wu', 'review')).rejects.toMatchObject({ code: 'hold.refused' })
    expect((await listHolds(services)).map(({ holdId }) => holdId)).toContain(hold.holdId)
    const audited = await services.db.pool.query(`select action from audit_entry where subject = $1 order by audit_entry_id`, [`legalHold:${hold.holdId}`])
    expect(audited.rows.map(({ action }) => action)).toEqual(['legalHold.placed', 'legalHold.approved', 'legalHold.lifted'])
    await expect(placeHold(services, operator('manager.xu'), { subject: { scope: 'person', memberNo: '999999999999' }, reason: '诉讼保全', days: 90 }, 'r')).rejects.toMatchObject({ code: 'request.notFound' })
  })
})

describe('a de-identified export', () => {
  const linesOf = async (exportId: string): Promise<ExportLine[]> => {
    const lines: ExportLine[] = []
    for await (const line of await downloadExport(services, operator('manager.wu'), exportId, 'r')) lines.push(line)
    return lines
  }

  it('leaves groups of fewer than five out, names nobody, and cannot be joined with another one', async () => {
    await services.db.pool.query(`update member set registered_at = '2026-02-01T00:00:00Z', growth_value = 100`)
    for (let index = 0; index < 5; index += 1) await join(`crowd${index}`, `+861390001000${index}`)
    await services.db.pool.query(`update member set registered_at = '2026-08-01T00:00:00Z' where phone_index in (select phone_index from member order by registered_at desc limit 5)`)
    const [one, other] = [await createExport(services, operator('manager.wu'), '季度结构分析', 'r'), await createExport(services, operator('manager.wu'), '季度结构分析', 'r')]
    const lines = await linesOf(one.exportId)
    expect(lines).toHaveLength(5)
    expect(new Set(lines.map(({ joined, tier, growth }) => `${joined} ${tier} ${growth}`))).toEqual(new Set(['2026-Q3 normal 100-999']))
    const text = JSON.stringify(lines)
    for (const { openId, unionId } of actors.values()) for (const needle of [openId, unionId ?? '']) expect(text).not.toContain(needle)
    const ids = (await services.db.pool.query<{ member_id: string; member_no: string }>('select member_id, member_no from member')).rows
    for (const { member_id: memberId, member_no: memberNo } of ids) expect(text.includes(memberId) || text.includes(memberNo)).toBe(false)
    const again = new Set((await linesOf(one.exportId)).map(({ pseudonym }) => pseudonym))
    expect(again).toEqual(new Set(lines.map(({ pseudonym }) => pseudonym)))
    expect((await linesOf(other.exportId)).some(({ pseudonym }) => again.has(pseudonym))).toBe(false)
    expect((await listExports(services)).find(({ exportId }) => exportId === one.exportId)).toMatchObject({ rowCount: 5, suppressedCount: 3, downloads: 2, k: 5 })
  })

  it('ends after seven days, with the key of its pseudonyms', async () => {
    const { exportId } = await createExport(services, operator('manager.wu'), '一周后不能再取', 'r')
    services.clock.at = new Date(services.clock.at.getTime() + 7 * 86_400_000)
    await expect(linesOf(exportId)).rejects.toMatchObject({ code: 'request.notFound' })
    await lifecycleHandlers(services).find(({ job }) => job.name === 'purgeExpired')?.run({}, { attempt: 0, signal: new AbortController().signal })
    expect((await services.db.pool.query('select count(key_sealed)::int as keys from deidentified_export')).rows).toEqual([{ keys: 0 }])
    expect((await services.db.pool.query(`select count(*)::int as count from audit_entry where action like 'deidentifiedExport.%'`)).rows[0]?.count).toBeGreaterThanOrEqual(6)
  })
})
