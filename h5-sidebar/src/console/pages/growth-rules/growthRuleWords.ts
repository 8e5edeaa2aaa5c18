import type { GrowthRulesDraft } from '../../../api/growthApi.ts'

/** Fen as people write yuan: `1`, `0.5`, `12.34`. */
export function yuanOf(fen: number): string {
  return String(fen / 100)
}

/** What a version of the earning rules says, in plain words. */
export function growthRuleWords({ registration, order, formGroups, interactions }: GrowthRulesDraft): string[] {
  const { chatDay, documentView } = interactions
  return [
    registration === 0 ? '注册入会不给成长值' : `注册入会：${registration} 点，一次`,
    `消费：每满 ${yuanOf(order.perFen)} 元得 ${order.points} 点，不满不计；退款按原规则扣回`,
    ...formGroups.map(({ name, fieldKeys, growth }) => `完善资料“${name}”（${fieldKeys.length} 项全部填写）：${growth} 点，一次`),
    chatDay.growth === 0 ? '聊天不计成长值' : `当天有过聊天：每天 ${chatDay.growth} 点，每月最多 ${chatDay.maxPerMonth} 天`,
    documentView.growth === 0 ? '阅读资料不计成长值' : `阅读资料：每份每天 ${documentView.growth} 点，每天最多 ${documentView.maxPerDay} 份，每月最多 ${documentView.maxPerMonth} 次`,
  ]
}
