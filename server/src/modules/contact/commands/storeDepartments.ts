import type { Services } from '../../../services.ts'
import { replaceDepartments } from '../tables.ts'

/** What the mirror keeps of a department. */
export interface DepartmentFacts {
  readonly departmentId: number
  readonly name: string
  readonly parentId: number
}

/** Writes the departments the app may see and forgets the others: grants reach through this tree (R80, R84). Twice is once. */
export async function storeDepartments({ db, now }: Pick<Services, 'db' | 'now'>, departments: readonly DepartmentFacts[]): Promise<void> {
  await db.run(replaceDepartments, [
    departments.map(({ departmentId }) => departmentId),
    departments.map(({ name }) => name),
    departments.map(({ parentId }) => parentId),
    now(),
  ])
}
