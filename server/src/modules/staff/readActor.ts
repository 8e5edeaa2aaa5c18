import { abilityFor, opensConsole, type Role, type RoleGrant } from '@qihui/shared/rights'
import type { Tx } from '../../db/pool.ts'
import type { Env } from '../../env.ts'
import { bootstrapGrants, type StaffActor } from '../../http/actor.ts'
import { selectStaffSession } from './tables.ts'

interface SessionRow {
  readonly staff_user_id: string
  readonly expires_at: Date
  readonly name: string
  readonly department_ids: readonly number[]
  readonly department_tree_ids: readonly number[]
  readonly default_role: Role | null
  readonly grants: readonly RoleGrant[] | null
}

/** Somebody who is logged in, and until when. */
export type LoggedInStaff = StaffActor & { readonly endsAt: Date }

/**
 * Who a session belongs to and what they may do at this very moment. Null when no live session has this hash.
 * The settings name the first admins, who give everybody else their roles; the default role is everybody's.
 */
export async function readActor(tx: Tx, env: Pick<Env, 'operators'>, tokenHash: Buffer, at: Date): Promise<LoggedInStaff | null> {
  const [row] = await tx.run<SessionRow>(selectStaffSession, [tokenHash, at])
  if (row === undefined) return null
  const grants: RoleGrant[] = [
    ...(row.default_role === null ? [] : [{ role: row.default_role, scope: 'own' } as const]),
    ...(env.operators.has(row.staff_user_id) ? bootstrapGrants : []),
    ...(row.grants ?? []),
  ]
  const rights = abilityFor({ grants, departmentIds: row.department_ids, departmentTreeIds: row.department_tree_ids })
  return { kind: 'staff', staffUserId: row.staff_user_id, name: row.name, isOperator: opensConsole(grants.map(({ role }) => role)), sessionId: tokenHash.toString('hex'), rights, endsAt: row.expires_at }
}
