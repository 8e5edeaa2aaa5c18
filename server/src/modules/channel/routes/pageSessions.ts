import type { MemberSessions } from '../../member/sessions.ts'
import type { StaffSessions } from '../../staff/sessions.ts'

/** Both kinds of sessions: the invite page meets employees and guests. */
export interface PageSessions {
  readonly members: MemberSessions
  readonly staff: StaffSessions
}
