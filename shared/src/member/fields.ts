import { chatAccess, maskedAccess, openAccess, ownNotesAccess } from '../rights/accessOf.ts'
import type { FieldDefinition } from './types.ts'

/**
 * The field catalogue: schema, serializers, encryption, screens and tests are driven by it (R59, R60, P9).
 * A field that is not listed does not leave the server.
 */
export const memberFields = {
  memberNo: { key: 'memberNo', label: '会员号', type: 'text', class: 'P', column: 'member.member_no', storage: 'plain', mask: 'none', access: openAccess, purpose: '识别会员', legalBasis: 'contract', retentionDays: 1095, isInProfile: true },
  phone: { key: 'phone', label: '手机号', type: 'phone', class: 'N', column: 'member.phone_sealed', storage: 'encryptedIndexed', mask: 'phone', access: maskedAccess, purpose: '会员身份确认与服务联系', legalBasis: 'consent', retentionDays: 180, isInProfile: true },
  registeredAt: { key: 'registeredAt', label: '入会时间', type: 'instant', class: 'P', column: 'member.registered_at', storage: 'plain', mask: 'none', access: openAccess, purpose: '会员权益计算', legalBasis: 'contract', retentionDays: 1095, isInProfile: true },
  channelName: { key: 'channelName', label: '入会渠道', type: 'text', class: 'P', column: 'channel.name', storage: 'plain', mask: 'none', access: openAccess, purpose: '渠道效果统计', legalBasis: 'contract', retentionDays: 1095, isInProfile: true },
  contactName: { key: 'contactName', label: '微信昵称', type: 'text', class: 'N', column: 'external_contact.name_sealed', storage: 'encrypted', mask: 'name', access: chatAccess, purpose: '员工识别客户', legalBasis: 'contract', retentionDays: 180, isInProfile: false },
  remark: { key: 'remark', label: '备注', type: 'text', class: 'N', column: 'follow_user.remark_sealed', storage: 'encrypted', mask: 'name', access: ownNotesAccess, purpose: '员工服务记录', legalBasis: 'contract', retentionDays: 180, isInProfile: false },
  avatarUrl: { key: 'avatarUrl', label: '头像', type: 'image', class: 'N', column: 'external_contact.avatar_url', storage: 'plain', mask: 'hidden', access: chatAccess, purpose: '员工识别客户', legalBasis: 'contract', retentionDays: 180, isInProfile: false },
} as const satisfies Record<string, FieldDefinition>

/** Key of a catalogued field. */
export type MemberFieldKey = keyof typeof memberFields
