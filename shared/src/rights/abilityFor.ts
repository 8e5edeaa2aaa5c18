import { createMongoAbility, subject as asSubject, type MongoAbility, type RawRuleOf } from '@casl/ability'
import { relationsWithin, roleRights, type RightReach } from './roles.ts'
import type { Permission, Relation, RightsSubject, Scope, StaffFacts } from './types.ts'

/** One customer, channel or other thing, as far as rights look at it. */
export interface Instance {
  readonly relation: Relation
}

/**
 * What one staff may do. The ability behind it is not handed out: asking it about a type answers "for at least one",
 * which is true for somebody who may not see this one (trust test 31).
 */
export interface Rights {
  /** For at least one instance: the door's question before anything is read. Never enough to show or change something. */
  mayTry(permission: Permission): boolean
  /** For this instance. */
  may(permission: Permission, instance: Instance): boolean
  /** How far the right goes, for queries that look at the instance themselves; null when it is not held. */
  reachOf(permission: Permission): Scope | null
  /** Subjects of which at least one instance may be read. */
  readable(): RightsSubject[]
  readonly facts: StaffFacts
}

const subjects = [...new Set(Object.values(roleRights).flatMap((held) => held.map(({ subject }) => subject)))]

type Ability = MongoAbility<[Permission['action'], Permission['subject'] | (Instance & object)]>

const widestFirst: readonly { readonly scope: Scope; readonly relation: Relation }[] = [
  { scope: 'all', relation: 'other' },
  { scope: 'departmentTree', relation: 'departmentTree' },
  { scope: 'department', relation: 'department' },
  { scope: 'own', relation: 'own' },
]

/** How far one right of one grant reaches; null when the grant is too narrow for it. */
function scopeOf(reach: RightReach, granted: Scope): Scope | null {
  if (reach === 'company') return granted === 'all' ? 'all' : null
  return reach === 'own' ? 'own' : granted
}

/** The rights that follow from a staff's grants (R59, R80): pure, and everything that no role gives is denied. */
export function abilityFor(facts: StaffFacts): Rights {
  const rules = facts.grants.flatMap(({ role, scope }) =>
    roleRights[role].flatMap(({ action, subject, reach }): RawRuleOf<Ability>[] => {
      const within = scopeOf(reach, scope)
      return within === null ? [] : [{ action, subject, conditions: { relation: { $in: [...relationsWithin(within)] } } }]
    }),
  )
  const ability = createMongoAbility<Ability>(rules)
  const may = ({ action, subject }: Permission, { relation }: Instance): boolean => ability.can(action, asSubject(subject, { relation }))
  return {
    mayTry: ({ action, subject }) => ability.can(action, subject),
    may,
    reachOf: (permission) => widestFirst.find(({ relation }) => may(permission, { relation }))?.scope ?? null,
    readable: () => subjects.filter((subject) => ability.can('read', subject)),
    facts,
  }
}
