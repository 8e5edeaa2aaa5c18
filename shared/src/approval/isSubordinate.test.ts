import { describe, expect, it } from 'vitest'
import { isSubordinate, type Position } from './isSubordinate.ts'

/** 1 head office, 2 east below it, 5 a shop below that, 3 south beside east. */
const parents = new Map([[1, 0], [2, 1], [5, 2], [3, 1]])
const position = (staffUserId: string, departmentIds: number[], more: Partial<Position> = {}): Position => ({ staffUserId, departmentIds, ledDepartmentIds: [], leaderIds: [], ...more })
const leads = (staffUserId: string, departmentId: number) => position(staffUserId, [departmentId], { ledDepartmentIds: [departmentId] })
const rep = position('rep', [2])

describe('isSubordinate', () => {
  it.each([
    ['a member of the department the other leads', rep, leads('lead', 2), true],
    ['a member of a department below it', position('rep', [5]), leads('lead', 2), true],
    ['a member two levels below', position('rep', [5]), leads('head', 1), true],
    ['a member of the department above it', position('rep', [1]), leads('lead', 2), false],
    ['a member of the department beside it', position('rep', [3]), leads('lead', 2), false],
    ['the leader, of a member', leads('lead', 2), rep, false],
    ['colleagues of one department', rep, position('colleague', [2]), false],
    ['two leaders of one department', leads('lead', 2), leads('other', 2), false],
    ['the leader of a department, of the leader of the one above', leads('shop', 5), leads('lead', 2), true],
    ['the leader of a department, of the leader of one below', position('lead', [2, 5], { ledDepartmentIds: [2] }), leads('shop', 5), false],
    ['a direct report', position('rep', [3], { leaderIds: ['senior'] }), position('senior', [2]), true],
    ['a report at a remove', position('rep', [3], { leaderIds: ['senior', 'boss'] }), position('boss', []), true],
    ['the direct leader, of the report', position('senior', [2]), position('rep', [3], { leaderIds: ['senior'] }), false],
    ['somebody of two departments, one of them led by the other', position('rep', [3, 5]), leads('lead', 2), true],
    ['oneself', leads('lead', 2), leads('lead', 2), false],
    ['two of whom WeCom tells nothing', position('rep', []), position('other', []), false],
  ])('%s: %#', (_case, one, other, expected) => {
    expect(isSubordinate(one, other, parents)).toBe(expected)
  })

  it('ends in a tree that bites its tail', () => {
    expect(isSubordinate(position('rep', [7]), leads('lead', 8), new Map([[7, 9], [9, 7]]))).toBe(false)
    expect(isSubordinate(position('rep', [7]), leads('lead', 9), new Map([[7, 9], [9, 7]]))).toBe(true)
  })
})
