import { expect, it } from 'vitest'
import { firstVersion } from '../../../testing/growthSamples.ts'
import { growthRuleWords } from './growthRuleWords.ts'

it('words name what is off', () => {
  expect(growthRuleWords({ ...firstVersion.definition, registration: 0, order: { points: 3, perFen: 50 } })).toEqual(['注册入会不给成长值', '消费：每满 0.5 元得 3 点，不满不计；退款按原规则扣回', '聊天不计成长值', '阅读资料不计成长值'])
})
