import { expect, it } from 'vitest'
import { findingText, subjectText } from './auditWords.ts'

it.each([
  [{ kind: 'entryChanged', day: '2026-11-20', seq: 3 }, '第 3 条记录被修改'],
  [{ kind: 'sealMissing', day: '2026-11-20', seq: 4 }, '从第 4 条起'],
  [{ kind: 'headBroken', day: '2026-11-20', seq: 12 }, '至少有 12 条'],
  [{ kind: 'dayMissing', day: '2026-11-19', seq: 8 }, '全部记录消失'],
  [{ kind: 'headForged', day: '', seq: 0 }, '无法识别'],
  [{ kind: 'unsealed', day: '2026-11-20', seq: 2 }, '2 条记录没有进入校验链'],
] as const)('%o is said in words', (finding, words) => expect(findingText(finding)).toContain(words))

it.each([
  ['channel:01a2', '渠道 01a2'],
  ['wmV08WBbs', 'wmV08WBbs'],
  ['unknown:a:b', 'unknown:a:b'],
])('what %s was about is said in words that are known', (subject, words) => expect(subjectText({ subject })).toBe(words))
