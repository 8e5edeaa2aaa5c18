import { maxBreakGlassMinutes, maxMinutes, maxViews } from './limits.ts'
import type { Approval } from './types.ts'

/** What is asked for. */
export interface ApprovalWish {
  readonly requesterId: string
  readonly sessionId: string
  readonly personId: string
  readonly fieldKeys: readonly string[]
  readonly minutes: number
  readonly maxViews: number
  readonly neededApprovers: 1 | 2
  readonly isBreakGlass: boolean
}

/** A request as it begins: waiting, or in an emergency open at once and for ten minutes at most. Longer wishes are cut to the limits. */
export function newApproval(wish: ApprovalWish, at: Date): Approval {
  const minutes = Math.min(wish.minutes, wish.isBreakGlass ? maxBreakGlassMinutes : maxMinutes)
  return {
    ...wish,
    minutes,
    maxViews: Math.min(wish.maxViews, maxViews),
    version: 1,
    views: 0,
    approverIds: [],
    requestedAt: at,
    state: wish.isBreakGlass ? 'approved' : 'requested',
    openUntil: wish.isBreakGlass ? new Date(at.getTime() + minutes * 60_000) : null,
  }
}
