import { enqueue } from '../../jobs/enqueue.ts'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import type { StaffProfile } from '../../wecom/wecom.ts'
import { endAllRelations, endRelation } from './commands/endRelations.ts'
import { storeContact } from './commands/storeContact.ts'
import { storeDepartments } from './commands/storeDepartments.ts'
import { hideDepartedStaff, storeStaff } from './commands/storeStaff.ts'
import { compareContactLists, endFollow, mirrorContact, reconcileContacts, syncStaff } from './jobs.ts'
import { pairDiffers, type MirroredPair } from './pairDiffers.ts'
import { selectAllStaff, selectMirroredList, selectMirroredPairs, selectUnknownStaff } from './tables.ts'

type ContactServices = Pick<Services, 'db' | 'now' | 'cipher' | 'env' | 'wecom' | 'log'>

/** Staff looked at together by the sweep: their pairs are held in memory meanwhile. */
const sweepStaff = 10
const parallelStaffReads = 5

async function nameUnknownStaff({ db, now, wecom }: ContactServices, staffUserIds: readonly string[]): Promise<void> {
  const unknown = await db.run<{ staff_user_id: string }>(selectUnknownStaff, [staffUserIds])
  const profiles = await Promise.all(unknown.map((row) => wecom.getStaff(row.staff_user_id)))
  await storeStaff({ db, now }, profiles.filter((profile) => profile?.isActive === true) as StaffProfile[])
}

/** Reads first, then writes: no transaction is open while WeCom is asked. */
async function mirror(services: ContactServices, externalUserId: string): Promise<void> {
  const detail = await services.wecom.getExternalContact(externalUserId)
  if (detail === null) return endAllRelations(services, externalUserId)
  await nameUnknownStaff(services, detail.followUsers.map((follow) => follow.staffUserId))
  await storeContact(services, detail)
}

const pairKey = (externalUserId: string, staffUserId: string): string => `${externalUserId}|${staffUserId}`

/** Contacts of these staff whose mirror is not what WeCom lists, missing and surplus relations included. */
async function outdatedContacts({ db, cipher, wecom }: ContactServices, staffUserIds: readonly string[]): Promise<Set<string>> {
  const mirrored = new Map((await db.run<MirroredPair>(selectMirroredPairs, [staffUserIds])).map((row) => [pairKey(row.external_user_id, row.staff_user_id), row]))
  const outdated = new Set<string>()
  for await (const page of wecom.listContactsOf(staffUserIds)) {
    for (const listed of page) {
      const key = pairKey(listed.contact.externalUserId, listed.followUser.staffUserId)
      if (pairDiffers(listed, mirrored.get(key), cipher)) outdated.add(listed.contact.externalUserId)
      mirrored.delete(key)
    }
  }
  for (const surplus of mirrored.values()) if (surplus.ended_at === null) outdated.add(surplus.external_user_id)
  return outdated
}

/** Who came into the list of this employee or left it without the mirror knowing. Who deleted the employee stays listed (platform 4.2). */
async function unnoticedChanges({ db, wecom }: ContactServices, staffUserId: string): Promise<Set<string>> {
  const listed = await wecom.listContactIds(staffUserId)
  const changed = new Set(listed)
  if (listed === null) return changed
  const isListed = new Set(listed)
  const mirrored = await db.run<{ external_user_id: string; ended_at: Date | null; ended_by: string | null }>(selectMirroredList, [staffUserId])
  for (const { external_user_id: id, ended_at: endedAt, ended_by: endedBy } of mirrored) {
    if (isListed.has(id) ? endedAt === null || endedBy === 'customer' : endedAt !== null) changed.delete(id)
    else changed.add(id)
  }
  return changed
}

async function mirrorAgain({ db, log }: ContactServices, externalUserIds: ReadonlySet<string>): Promise<void> {
  if (externalUserIds.size === 0) return
  log.info({ contacts: externalUserIds.size }, 'the sweep found contacts to mirror again')
  await db.transaction(async (tx) => {
    for (const externalUserId of externalUserIds) await enqueue(tx, mirrorContact, { externalUserId })
  })
}

async function compareLists(services: ContactServices, signal: AbortSignal): Promise<void> {
  for (const staffUserId of await services.wecom.listFollowStaff()) {
    signal.throwIfAborted()
    await mirrorAgain(services, await unnoticedChanges(services, staffUserId))
  }
}

async function reconcile(services: ContactServices, signal: AbortSignal): Promise<void> {
  const staffUserIds = await services.wecom.listFollowStaff()
  for (let start = 0; start < staffUserIds.length; start += sweepStaff) {
    signal.throwIfAborted()
    await mirrorAgain(services, await outdatedContacts(services, staffUserIds.slice(start, start + sweepStaff)))
  }
}

async function syncAllStaff(services: ContactServices): Promise<void> {
  const { db, wecom } = services
  const known = await db.run<{ staff_user_id: string }>(selectAllStaff, [])
  const ids = [...new Set([...(await wecom.listFollowStaff()), ...known.map((row) => row.staff_user_id)])]
  const visible: StaffProfile[] = []
  const departed: string[] = []
  for (let start = 0; start < ids.length; start += parallelStaffReads) {
    const batch = ids.slice(start, start + parallelStaffReads)
    const profiles = await Promise.all(batch.map((id) => wecom.getStaff(id)))
    profiles.forEach((profile, index) => {
      if (profile?.isActive === true) visible.push(profile)
      else departed.push(batch[index] ?? '')
    })
  }
  await storeStaff(services, visible)
  await hideDepartedStaff(services, departed)
  await storeDepartments(services, await wecom.listDepartments())
}

/** The job door of the contact mirror. */
export function contactHandlers(services: ContactServices): JobHandler[] {
  return [
    handle(mirrorContact, ({ externalUserId }) => mirror(services, externalUserId)),
    handle(endFollow, async ({ externalUserId, staffUserId, endedBy, endedAtMs }) => {
      // The end may overtake the beginning: mirrored first, there is a relation to end.
      await mirror(services, externalUserId)
      await endRelation(services, { externalUserId, staffUserId, endedBy, endedAt: new Date(endedAtMs) })
    }),
    handle(compareContactLists, (_payload, { signal }) => compareLists(services, signal), { cron: '17 * * * *', payload: {} }),
    handle(reconcileContacts, (_payload, { signal }) => reconcile(services, signal), { cron: '17 3 * * *', payload: {} }),
    handle(syncStaff, () => syncAllStaff(services), { cron: '*/30 * * * *', payload: {} }),
  ]
}
