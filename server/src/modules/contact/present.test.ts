import { describe, expect, it } from 'vitest'
import { contactFieldKeys, memberFieldKeys, presentTimelineEntry } from './present.ts'

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

describe('the fields a rep is shown', () => {
  it('are the catalogue’s profile fields for a member, and only the chat’s own for a contact', () => {
    expect([...contactFieldKeys]).toEqual(['contactName', 'remark', 'avatarUrl'])
    expect([...memberFieldKeys]).toEqual(['memberNo', 'phone', 'registeredAt', 'channelName', 'contactName', 'remark', 'avatarUrl'])
  })
})
