import { conflictIn, type ConflictReason, type IdentifierOwner } from '@qihui/shared/identity'

const conflicts: Readonly<Record<ConflictReason, string>> = {
  secondUnionId: '这些档案属于不同的微信账号（UnionID 不同），不能合并',
  secondOpenId: '这些档案在同一应用下有不同的 OpenID，属于不同的微信账号，不能合并',
  secondExternalUserId: '这些档案对应企业微信中的不同客户，不能合并',
  isStaff: '其中一份档案属于本企业员工，不能并入客户档案',
}

/** Why these persons cannot become one, in words; null when they can. @param hasHeld one of their registrations is under review */
export function obstacleTo(owners: readonly IdentifierOwner[], hasHeld: boolean): string | null {
  if (owners.length < 2) return '这些档案已经是同一位客户，无需合并'
  const conflict = conflictIn(owners.flatMap((owner) => owner.identifiers))
  if (conflict !== null) return conflicts[conflict]
  if (hasHeld && owners.filter((owner) => owner.isMember).length > 1) return '其中一位会员的注册仍在风险复核，请先完成复核'
  return null
}
