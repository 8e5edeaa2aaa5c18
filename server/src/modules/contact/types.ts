/** What the mirror keeps of an employee. */
export interface StaffFacts {
  readonly staffUserId: string
  readonly name: string
  readonly departmentIds: readonly number[]
  /** Those they lead; absent for none. */
  readonly ledDepartmentIds?: readonly number[]
  /** Direct leaders; absent for none. */
  readonly leaderIds?: readonly string[]
}

/** What the mirror keeps of a customer, as it was read. */
export interface ContactFacts {
  readonly externalUserId: string
  readonly name: string
  readonly type: 1 | 2
  readonly avatarUrl: string | null
  readonly corpName: string | null
  readonly unionId: string | null
}

/** What the mirror keeps of one relation, as it was read. */
export interface FollowFacts {
  readonly staffUserId: string
  readonly remark: string
  readonly addedAt: Date
  readonly addWay: number
  readonly state: string | null
  readonly tagIds: readonly string[]
}

/** One relation of a batch read. */
export interface PairFacts {
  readonly contact: ContactFacts
  readonly followUser: FollowFacts
}
