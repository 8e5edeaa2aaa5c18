import type { RightReach, RightsAction, RightsModel, RightsSubject, Role, Scope, Visibility } from '@qihui/shared/rights'

/** What people read where rights have a code. */
export const roleWords: Record<Role, { readonly name: string; readonly explanation: string }> = {
  serviceAgent: { name: '客服', explanation: '在聊天旁查看客户名片，服务自己的客户' },
  salesRep: { name: '销售', explanation: '服务自己的客户，建自己的渠道，邀请入会' },
  operationsAdmin: { name: '运营管理员', explanation: '管理渠道、登记表、规则和复核事项，不看客户资料' },
  approver: { name: '审批人', explanation: '审批查看敏感信息的申请' },
  auditor: { name: '审计员', explanation: '查看审计日志和各项设置，不能修改' },
  systemAdmin: { name: '系统管理员', explanation: '授予角色，管理接口密钥' },
}

export const scopeWords: Record<Scope, string> = { own: '本人客户', department: '本部门', departmentTree: '本部门及下级部门', all: '全公司' }

export const modelWords: Record<RightsModel, { readonly name: string; readonly explanation: string }> = {
  central: { name: '集中授权', explanation: '只有全公司的系统管理员能授予角色。最省心、风险最低，但不够灵活。' },
  distributed: { name: '分级授权', explanation: '部门的系统管理员可在本部门及下级部门内授予角色。最灵活，需要更多人维护。' },
  hybrid: { name: '混合授权', explanation: '客服和销售由部门授予，其他敏感角色仍由全公司的系统管理员授予。' },
}

export const subjectWords: Record<RightsSubject, string> = {
  Contact: '客户名片',
  Member: '会员资料',
  Invitation: '入会邀请',
  Channel: '渠道',
  Delivery: '消息发送',
  CorpTag: '企业标签',
  Segment: '动态分群',
  Form: '登记表',
  Policy: '隐私政策',
  TierRules: '等级规则',
  GrowthRules: '成长值规则',
  Benefit: '会员权益',
  Coupon: '礼券',
  Review: '身份复核',
  Risk: '注册风险',
  Lifecycle: '会员生命周期',
  Approval: '敏感信息审批',
  Audit: '审计日志',
  Report: '合规报告',
  Rights: '角色与权限',
  ApiKey: '接口密钥',
  Health: '系统健康',
}

export const actionWords: Record<RightsAction, string> = { read: '查看', create: '新建', update: '修改', delete: '删除', export: '导出', approve: '审批' }

/** Whose, in front of what may be done; what belongs to the company needs no words. */
export const reachWords: Record<RightReach, string> = { own: '本人的：', scope: '授权范围内：', company: '' }

export const visibilityWords: Record<Visibility, string> = { raw: '明文', masked: '脱敏', none: '不可见' }
