import { isSubordinate, type DepartmentParents, type Position } from '@qihui/shared/approval'
import type { Tx } from '../../db/pool.ts'
import { selectDepartmentParents, selectPositions } from './tables.ts'

/** Who is led by whom, among some people. */
export interface Hierarchy {
  isSubordinate(staffUserId: string, of: string): boolean
}

interface PositionRow {
  readonly staff_user_id: string
  readonly department_ids: readonly number[]
  readonly led_department_ids: readonly number[]
  readonly leader_ids: readonly string[]
}

/** As the mirror of WeCom has it now; whoever it says nothing of leads nobody and is led by nobody. */
export async function readHierarchy(tx: Tx, staffUserIds: readonly string[]): Promise<Hierarchy> {
  const positions = new Map<string, Position>()
  for (const row of await tx.run<PositionRow>(selectPositions, [[...new Set(staffUserIds)]])) {
    positions.set(row.staff_user_id, { staffUserId: row.staff_user_id, departmentIds: row.department_ids, ledDepartmentIds: row.led_department_ids, leaderIds: row.leader_ids })
  }
  const rows = await tx.run<{ department_id: number; parent_id: number | null }>(selectDepartmentParents, [])
  const parents: DepartmentParents = new Map(rows.flatMap((row) => (row.parent_id === null ? [] : [[row.department_id, row.parent_id] as const])))
  return {
    isSubordinate(staffUserId, of) {
      const [one, other] = [positions.get(staffUserId), positions.get(of)]
      return one !== undefined && other !== undefined && isSubordinate(one, other, parents)
    },
  }
}
