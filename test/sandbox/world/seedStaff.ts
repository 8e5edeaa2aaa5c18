import type { SandboxStaff } from '../types.ts'

export interface Department {
  readonly id: number
  readonly name: string
  readonly parentId: number
  readonly order: number
}

/** Root department is id 1 with parent 0 [6]. */
export const DEPARTMENTS: readonly Department[] = [
  { id: 1, name: '总部', parentId: 0, order: 100000000 },
  { id: 2, name: '销售一部', parentId: 1, order: 100000000 },
  { id: 3, name: '销售二部', parentId: 1, order: 99999000 },
]

/** Who leads a department, by its id; WeCom tells it with the member and with the department. */
export const DEPARTMENT_LEADERS: ReadonlyMap<number, string> = new Map([[2, 'manager.wu'], [3, 'manager.xu']])
/** Direct leaders (直属上级), by userid; most members have none. */
export const DIRECT_LEADERS: ReadonlyMap<string, string> = new Map([['rep.zhang', 'rep.chen'], ['rep.zhou', 'rep.huang']])

type StaffRow = readonly [userId: string, name: string, departmentIds: readonly number[], position: string]

const ROWS: readonly StaffRow[] = [
  ['rep.li', '李静', [2], '会员顾问'],
  ['rep.wang', '王浩', [2], '会员顾问'],
  ['rep.zhang', '张敏', [2], '会员顾问'],
  ['rep.chen', '陈晨', [2], '高级顾问'],
  ['rep.liu', '刘洋', [3], '会员顾问'],
  ['rep.zhao', '赵磊', [3], '会员顾问'],
  ['rep.huang', '黄婷', [3], '高级顾问'],
  ['rep.zhou', '周凯', [3], '会员顾问'],
  ['manager.wu', '吴倩', [1, 2], '店长'],
  ['manager.xu', '徐峰', [1, 3], '店长'],
  ['hr.sun', '孙丽', [1], '人事专员'],
  ['fin.ma', '马超', [1], '财务主管'],
]

/** The one member who may not serve external contacts. */
export const STAFF_WITHOUT_CONTACT_RIGHT = 'hr.sun'
/** The one member outside the visible scope of the app. */
export const STAFF_OUTSIDE_VISIBILITY = 'fin.ma'

/** The 12 members of the corp, fresh objects for each world. */
export function seedStaff(): SandboxStaff[] {
  return ROWS.map(([userId, name, departmentIds, position]) => ({
    userId,
    name,
    departmentIds,
    position,
    hasContactRight: userId !== STAFF_WITHOUT_CONTACT_RIGHT,
    isVisible: userId !== STAFF_OUTSIDE_VISIBILITY,
  }))
}
