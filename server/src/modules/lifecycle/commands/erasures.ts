import { randomUUID } from 'node:crypto'
import { addMonths, localDateOf, startOfDay } from '@qihui/shared/tier'
import { anonymiseAfterMonths } from '@qihui/shared/lifecycle'
import { enqueue } from '../../../jobs/enqueue.ts'
import type { ErasureList } from '../../../security/erasureList.ts'
import type { Services } from '../../../services.ts'
import { selectPurgeable } from '../archiveTables.ts'
import { eraseFamily } from '../eraseSteps.ts'
import { insertDoneErasure, lockErasure, markHeld, selectDoneErasures, selectIsHeld, selectPersonsPage, selectWaitingErasures } from '../erasureTables.ts'
import { erasePerson } from '../jobs.ts'
import { familyOf, restrictPerson } from '../restrictSteps.ts'

type ErasureServices = Pick<Services, 'db' | 'now' | 'env' | 'cipher'>

interface ErasureRow {
  readonly state: 'restricted' | 'held' | 'erased'
  readonly person_id: string | null
}

const personsPerPage = 5_000
const purgesPerNight = 5_000
const beforeTheFirst = '00000000-0000-0000-0000-000000000000'

/** Who an erasure is about, for the list that is written before anything is shredded; empty when it is held or done. */
export async function personsToErase({ db, now }: ErasureServices, erasureId: string): Promise<string[]> {
  return db.transaction(async (tx) => {
    const [row] = await tx.run<ErasureRow>(lockErasure, [erasureId])
    if (row === undefined || row.person_id === null) return []
    const family = await familyOf(tx, row.person_id)
    const [hold] = await tx.run<{ is_held: boolean }>(selectIsHeld, [family, now()])
    if (hold?.is_held !== true) return family
    await tx.run(markHeld, [erasureId])
    return []
  })
}

/** Erases one restricted person unless a hold has come in between. Twice is once. */
export async function eraseRestricted({ db, now, cipher }: ErasureServices, erasureId: string): Promise<'erased' | 'held'> {
  const at = now()
  return db.transaction(async (tx) => {
    const [row] = await tx.run<ErasureRow>(lockErasure, [erasureId])
    if (row === undefined || row.person_id === null) return 'erased'
    const family = await familyOf(tx, row.person_id)
    const [hold] = await tx.run<{ is_held: boolean }>(selectIsHeld, [family, at])
    if (hold?.is_held === true) {
      await tx.run(markHeld, [erasureId])
      return 'held'
    }
    await eraseFamily(tx, cipher, erasureId, family, at)
    return 'erased'
  })
}

/** The daily look: archived members whose 24 months are over are restricted, and everything that waits is asked for again. */
export async function reviewWaiting({ db, now, env }: ErasureServices): Promise<number> {
  const at = now()
  const archivedBefore = startOfDay(addMonths(localDateOf(at.toISOString()), -anonymiseAfterMonths))
  const due = await db.run<{ person_id: string }>(selectPurgeable, [archivedBefore, at, purgesPerNight])
  for (const { person_id: personId } of due) await db.transaction((tx) => restrictPerson(tx, env, { erasureId: randomUUID(), reason: 'retention', personId }, at))
  const waiting = await db.run<{ erasure_id: string }>(selectWaitingErasures, [])
  for (const { erasure_id: erasureId } of waiting) await enqueue(db, erasePerson, { erasureId })
  return due.length
}

/**
 * Erases again whom a restored backup has brought back, before anything is served (trust test 37). Costs a look at the list, and one at all
 * persons only when the list knows of somebody this database has not erased. @returns how many were erased again
 */
export async function replayErasures(services: ErasureServices, list: ErasureList): Promise<number> {
  const { db, now, env, cipher } = services
  const entries = await list.read()
  const done = new Set((await db.run<{ erasure_id: string }>(selectDoneErasures, [[...new Set(entries.map(({ erasureId }) => erasureId))]])).map((row) => row.erasure_id))
  const open = new Map(entries.filter(({ erasureId }) => !done.has(erasureId)).map(({ erasureId, personHash }) => [personHash, erasureId]))
  if (open.size === 0) return 0
  const found = new Map<string, string>()
  for (let after = beforeTheFirst; ; ) {
    const page = await db.run<{ person_id: string }>(selectPersonsPage, [after, personsPerPage])
    for (const { person_id: personId } of page) {
      const erasureId = open.get(list.hashOf(personId))
      if (erasureId !== undefined) found.set(personId, erasureId)
    }
    const last = page.at(-1)
    if (last === undefined) break
    after = last.person_id
  }
  const at = now()
  for (const [personId, erasureId] of found) {
    await db.transaction(async (tx) => {
      const family = await familyOf(tx, personId)
      if (family.length === 0) return
      const [row] = await tx.run<ErasureRow>(lockErasure, [erasureId])
      const [hold] = await tx.run<{ is_held: boolean }>(selectIsHeld, [family, at])
      // Listed but never erased here: a hold came in between, and it still counts. A restored backup has no such row, or no such hold.
      if (row !== undefined && hold?.is_held === true) return void open.delete(list.hashOf(personId))
      const running = await restrictPerson(tx, env, { erasureId, reason: 'replay', personId }, at)
      await eraseFamily(tx, cipher, running, family, at)
    })
  }
  for (const erasureId of new Set(open.values())) await db.run(insertDoneErasure, [erasureId, at])
  return found.size
}
