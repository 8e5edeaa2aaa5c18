import { describe, expect, it } from 'vitest'
import { abilityFor, type RoleGrant } from '@qihui/shared/rights'
import { cardSightOf } from './policy.ts'
import { presentTimelineEntry } from './present.ts'

const at = '2026-11-20T02:00:00+00:00'

describe('presentTimelineEntry', () => {
  it.each([
    ['contact.added', { staffUserId: 'rep.li' }, '添加了李静为好友', null],
    ['contact.lost', { staffUserId: 'rep.li', endedBy: 'customer' }, '客户删除了李静', null],
    ['contact.lost', { staffUserId: 'rep.li', endedBy: 'transfer' }, '李静的客户关系已转交', null],
    ['contact.lost', { staffUserId: 'rep.li' }, '李静与客户不再是好友', null],
    ['member.registered', { channelName: '南京西路店' }, '注册成为会员', '来自渠道「南京西路店」'],
    ['member.registered', { channelName: null }, '注册成为会员', null],
    ['growth.earned', { amount: 100, source: 'registration' }, '成长值 +100', '注册会员'],
    ['tier.changed', { tierName: '银卡会员' }, '等级变为银卡会员', null],
    ['corpTag.changed', { staffUserId: 'rep.li', added: ['护肤', '彩妆'], removed: ['母婴'] }, '李静修改了企业标签', '添加：护肤、彩妆；移除：母婴'],
    ['invitation.sent', { staffUserId: 'rep.li', form: 'miniProgram' }, '李静发送了入会邀请', '小程序卡片'],
  ] as const)('says %s %j', (kind, data, title, detail) => {
    expect(presentTimelineEntry({ at, kind, data, staffName: '李静' })).toEqual({ at: '2026-11-20T02:00:00.000Z', kind, title, detail })
  })

  it('names somebody who is no longer known by their id, and nobody when there is none', () => {
    expect(presentTimelineEntry({ at, kind: 'contact.added', data: { staffUserId: 'rep.gone' }, staffName: null }).title).toBe('添加了rep.gone为好友')
    expect(presentTimelineEntry({ at, kind: 'contact.added', data: {}, staffName: null }).title).toBe('添加了员工为好友')
  })
})

describe('the fields a card shows', () => {
  const sightOf = (...grants: RoleGrant[]) => cardSightOf(abilityFor({ grants, departmentIds: [], departmentTreeIds: [] }))

  it('are the catalogue’s profile fields for a member, and only the chat’s own for a contact', () => {
    const { auditFields, farthest } = sightOf({ role: 'salesRep', scope: 'own' })
    expect(auditFields.slice(0, 2)).toEqual(['contactName,remark,avatarUrl', 'memberNo,phone,registeredAt,channelName,contactName,remark,avatarUrl'])
    expect([farthest, ...auditFields.slice(2)]).toEqual([0, '', '', '', '', '', ''])
  })

  it('leave a colleague’s remark and the picture to whoever serves the customer', () => {
    const { auditFields, farthest } = sightOf({ role: 'serviceAgent', scope: 'department' })
    expect(farthest).toBe(1)
    expect(auditFields.slice(2)).toEqual(['contactName', 'memberNo,phone,registeredAt,channelName,contactName', '', '', '', ''])
  })

  it('are none for somebody whose roles read no customers', () => {
    const { auditFields, farthest } = sightOf({ role: 'operationsAdmin', scope: 'all' }, { role: 'systemAdmin', scope: 'all' }, { role: 'auditor', scope: 'all' })
    expect([farthest, ...new Set(auditFields)]).toEqual([-1, ''])
  })
})
