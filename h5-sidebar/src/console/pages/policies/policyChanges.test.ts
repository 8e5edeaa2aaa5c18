import { describe, expect, it } from 'vitest'
import { policyChanges } from './policyChanges.ts'

const base = { title: '会员隐私政策', summary: ['要点一'], sections: [{ heading: '一', paragraphs: ['甲', '乙'] }, { heading: '二', paragraphs: ['丙'] }] }
const [first, second] = base.sections

describe('policyChanges', () => {
  const cases: [string, Parameters<typeof policyChanges>[1], string[]][] = [
    ['the same text', structuredClone(base), []],
    ['another title', { ...base, title: '隐私政策' }, ['标题改为“隐私政策”']],
    ['another point', { ...base, summary: ['要点一', '要点二'] }, ['修改了要点']],
    ['a new section', { ...base, sections: [...base.sections, { heading: '三', paragraphs: ['丁'] }] }, ['新增“三”']],
    ['another paragraph', { ...base, sections: [{ heading: '一', paragraphs: ['甲'] }, { heading: '二', paragraphs: ['丙'] }] }, ['修改“一”']],
    ['a section less', { ...base, sections: [{ heading: '二', paragraphs: ['丙'] }] }, ['删除“一”']],
    ['another order', { ...base, sections: second && first ? [second, first] : [] }, ['调整了各节的顺序']],
  ]
  it.each(cases)('names %s', (_what, after, expected) => {
    expect(policyChanges(base, after)).toEqual(expected)
  })
})
