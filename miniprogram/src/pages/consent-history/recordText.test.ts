import { describe, expect, it } from 'vitest'
import type { ConsentRecord } from '../../api/calls.ts'
import { decisionLabel, historyText, purposeLabel, recordLines } from './recordText.ts'

/** 11:05 in Beijing, whatever the clock of this phone is set to. */
const at = '2026-11-22T03:05:00.000Z'
const given: ConsentRecord = {
  consentId: '0190b6f0-0000-7000-8000-000000000001', purpose: 'membership', decision: 'granted', policyVersion: '2026-11', textHash: 'b5bb9d80',
  at, withdrawnAt: null, channelName: '收银台海报', evidence: 'miniProgram',
}

describe('purposeLabel', () => {
  it.each([
    ['marketing', '活动与优惠推送'],
    ['sensitive:birthday', '敏感信息单独同意'],
    ['surveys', 'surveys'],
  ])('says %s as %s', (purpose, label) => expect(purposeLabel(purpose)).toBe(label))
})

describe('decisionLabel', () => {
  it('tells a yes, a no and a yes taken back apart', () => {
    expect(decisionLabel(given)).toBe('已同意')
    expect(decisionLabel({ ...given, decision: 'refused' })).toBe('未同意')
    expect(decisionLabel({ ...given, withdrawnAt: at })).toBe('已撤回')
  })
})

describe('historyText', () => {
  it('has everything that proves a record, one record after the other', () => {
    const text = historyText([given, { ...given, purpose: 'marketing', withdrawnAt: at, channelName: null, evidence: 'invitePage' }])
    const [first, second] = text.split('\n\n')
    expect(first).toBe('会员服务：已同意\n时间：2026-11-22 11:05\n政策版本：2026-11\n方式：小程序（收银台海报）\n文本校验：b5bb9d80')
    expect(second).toContain('撤回时间：2026-11-22 11:05')
    expect(recordLines(given)).not.toContain('撤回时间')
  })
})
