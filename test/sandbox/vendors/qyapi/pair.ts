import { setTimeout as delay } from 'node:timers/promises'
import { findRelation } from '../../world/relations.ts'
import { findStaff, pairKey } from '../../world/state.ts'
import { requiredString } from '../readBody.ts'
import { VendorError } from '../endpoint.ts'
import type { RelationState, WorldState } from '../../world/state.ts'
import type { VendorCall } from '../endpoint.ts'
import type { SandboxPerson } from '../../types.ts'

const busyPairs = new WeakMap<WorldState, Set<string>>()

/** The pair named by `userid` and `external_userid` of the body: 60111, 60021, 84061 [4.2, 5]. */
export function requireCustomer(call: VendorCall): { relation: RelationState; person: SandboxPerson } {
  const userId = requiredString(call, 'userid')
  const externalUserId = requiredString(call, 'external_userid')
  const member = findStaff(call.state, userId)
  if (!member) throw new VendorError(60111, 'userid not found')
  if (!member.isVisible) throw new VendorError(60021, 'userid not in app visible scope')
  const person = call.state.peopleByExternalUserId.get(externalUserId)
  const relation = person ? findRelation(call.state, member.userId, person.personId) : undefined
  if (!person || !relation || !member.hasContactRight) throw new VendorError(84061, 'not external contact')
  return { relation, person }
}

/** Runs a change of one (member, customer) pair. @throws VendorError 45035 when another change of the pair is under way [1.1] */
export async function withPair<T>(call: VendorCall, relation: RelationState, run: () => T): Promise<T> {
  const busy = busyPairs.get(call.state) ?? new Set<string>()
  busyPairs.set(call.state, busy)
  const key = pairKey(relation.staffUserId, relation.personId)
  if (busy.has(key)) throw new VendorError(45035, 'concurrent operation on the same object')
  busy.add(key)
  try {
    await delay(call.state.settings.pairOperationMs)
    return run()
  } finally {
    busy.delete(key)
  }
}
