import type { Sandbox } from '../../sandbox/types.ts'
import type { Chance } from './faultSeed.ts'
import type { StagedEvent } from './sendEvents.ts'

/** Of hundred customers, so many get a tag by hand, leave their employee, or come with a kind of event nobody knows. */
const shares = { tagged: 0.5, left: 0.3, unknown: 0.15 }

const kindOf = (event: string, changeType: string): string => `${event} ${changeType}`

/** What the world raises while `act` runs, kept from being pushed: the test is the sender. */
export async function eventsOf(sandbox: Sandbox, act: () => Promise<void>): Promise<StagedEvent[]> {
  const before = sandbox.callbacks.deliveries().length
  sandbox.faults.start({ seed: 1, callback: [{ kind: 'drop', probability: 1 }] })
  await act()
  await sandbox.callbacks.idle()
  sandbox.faults.stop()
  return sandbox.callbacks.deliveries().slice(before).map(({ plaintext, event, changeType }) => ({ plaintext, kind: kindOf(event, changeType) }))
}

/**
 * Lives of customers until so many events have happened: they add an employee, are tagged by hand, leave. The world is at its end when
 * this returns.
 * @param leaving share of the customers who delete their employee
 */
export async function stageEvents(sandbox: Sandbox, chance: Chance, count: number, leaving = shares.left): Promise<StagedEvent[]> {
  const { world, callbacks } = sandbox
  const staff = world.staff.filter(({ hasContactRight, isVisible }) => hasContactRight && isVisible)
  const known = new Set(world.relations().map(({ personId }) => personId))
  const people = world.people.filter(({ personId }) => !known.has(personId))
  const tagIds = [...new Set(world.relations().flatMap((relation) => relation.tagIds))]
  return eventsOf(sandbox, async () => {
    const before = callbacks.deliveries().length
    for (const { personId, externalUserId } of people) {
      if (callbacks.deliveries().length - before >= count) return
      const staffUserId = staff[chance.below(staff.length)]?.userId ?? ''
      await world.addContact({ personId, staffUserId })
      if (chance.next() < shares.tagged) await world.editContactByHand({ personId, staffUserId, addTagIds: [tagIds[chance.below(tagIds.length)] ?? ''] })
      if (chance.next() < shares.unknown) callbacks.raise({ event: 'change_external_contact', changeType: 'a_kind_of_tomorrow', fields: { UserID: staffUserId, ExternalUserID: externalUserId } })
      if (chance.next() < leaving) await world.removeContact({ personId, staffUserId, by: 'customer' })
    }
    throw new Error(`${people.length} people are too few for ${count} events`)
  })
}
