import { describe, expect, it } from 'vitest'
import { tierProgress } from '../tier/tierProgress.ts'
import { nextStepFor } from './nextStepFor.ts'

describe('nextStepFor', () => {
  it('waits for a contact that is not mirrored, and invites one that is not registered', () => {
    expect(nextStepFor('notMirrored', null).kind).toBe('wait')
    expect(nextStepFor('notRegistered', null).kind).toBe('invite')
  })

  it('speaks of the upgrade only when it is near', () => {
    expect(nextStepFor('member', tierProgress(100)).kind).toBe('care')
    expect(nextStepFor('member', tierProgress(750))).toMatchObject({ kind: 'upgrade', title: '还差 250 成长值升级银卡会员' })
    expect(nextStepFor('member', tierProgress(9000)).kind).toBe('care')
  })
})
