import { enqueue } from '../../../jobs/enqueue.ts'
import type { Services } from '../../../services.ts'
import { renewAdvisers } from '../../benefit/jobs.ts'
import { deleteExpiredLogins, hideStaff, upsertVisibleStaff } from '../tables.ts'
import type { StaffFacts } from '../types.ts'

/** Writes the profiles of staff the app may see. */
export async function storeStaff({ db, now }: Pick<Services, 'db' | 'now'>, profiles: readonly StaffFacts[]): Promise<void> {
  if (profiles.length === 0) return
  await db.run(upsertVisibleStaff, [
    profiles.map((profile) => profile.staffUserId),
    profiles.map((profile) => profile.name),
    profiles.map((profile) => JSON.stringify(profile.departmentIds)),
    now(),
    profiles.map(({ ledDepartmentIds = [] }) => JSON.stringify(ledDepartmentIds)),
    profiles.map(({ leaderIds = [] }) => JSON.stringify(leaderIds)),
  ])
}

/** Staff that left the company or the app's visible scope: hidden, and logged out in the same statement (P6). */
export async function hideDepartedStaff({ db, now }: Pick<Services, 'db' | 'now'>, staffUserIds: readonly string[]): Promise<void> {
  const at = now()
  if (staffUserIds.length > 0) {
    await db.transaction(async (tx) => {
      await tx.run(hideStaff, [staffUserIds, at])
      // Whoever they looked after gets somebody else.
      await enqueue(tx, renewAdvisers, {})
    })
  }
  await db.run(deleteExpiredLogins, [at])
}
