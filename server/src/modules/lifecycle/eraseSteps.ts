import { randomInt, randomUUID } from 'node:crypto'
import type { Tx } from '../../db/pool.ts'
import type { FieldCipher } from '../../security/fieldCipher.ts'
import { newId } from '../../security/newId.ts'
import { contactKeyPlace, contactNamePlace } from '../contact/places.ts'
import { dataKeyPlace } from '../member/present.ts'
import {
  deleteMembers, deletePersons, deleteRestrictedIdentifiers, eraseSteps, finishErasure, insertAudit, insertShells, insertTombstones, renameLedger, repoint, scrubContact, selectErasedMembers,
  selectNamingColumns, selectScrubbedContacts,
} from './erasureTables.ts'
import { insertReceipt } from './restrictTables.ts'

/** What a contact is called until WeCom's own answer names it again. */
const namelessContact = '微信客户'

/** A number nobody was ever given: members' numbers are digits only. */
function shellNumber(): string {
  return `~${randomInt(2 ** 47).toString(36)}${randomInt(2 ** 47).toString(36)}`
}

async function scrubContacts(tx: Tx, cipher: FieldCipher, persons: readonly string[]): Promise<number> {
  const contacts = await tx.run<{ external_user_id: string }>(selectScrubbedContacts, [persons])
  for (const { external_user_id: externalUserId } of contacts) {
    const key = cipher.newDataKey(contactKeyPlace(externalUserId))
    await tx.run(scrubContact, [externalUserId, key.sealed, cipher.seal(contactNamePlace(externalUserId), namelessContact, key.key)])
  }
  return contacts.length
}

/** Every row of any module goes from the person to the tombstone, then person, member and their keys go (crypto-shredding). */
async function shred(tx: Tx, cipher: FieldCipher, persons: readonly string[], erasureId: string, at: Date): Promise<number> {
  const members = (await tx.run<{ member_id: string }>(selectErasedMembers, [persons])).map((row) => row.member_id)
  const newPersons = persons.map((_, index) => (index === 0 ? erasureId : randomUUID()))
  const newMembers = members.map(() => randomUUID())
  await tx.run(insertTombstones, [persons, newPersons, at.toISOString().slice(0, 10)])
  const keys = newMembers.map((memberId) => cipher.newDataKey(dataKeyPlace(memberId)).sealed)
  await tx.run(insertShells, [members, newMembers, members.map(shellNumber), keys, persons, newPersons])
  const columns = await tx.run<{ table_name: string; column_name: string; names: 'person' | 'member' }>(selectNamingColumns, [])
  for (const { table_name: table, column_name: column, names } of columns) {
    await tx.run(repoint(table, column), names === 'member' ? [members, newMembers] : [persons, newPersons])
  }
  await tx.run(renameLedger, [members, newMembers])
  await tx.run(deleteMembers, [members])
  return members.length
}

/**
 * The fan-out with its receipts, in one transaction (domain rules h 4): whatever names the person is deleted or emptied, the data keys are
 * shredded, amounts stay with a tombstone whose id is random. What is left are the receipts.
 * @param persons the family, the survivor first
 */
export async function eraseFamily(tx: Tx, cipher: FieldCipher, erasureId: string, persons: readonly string[], at: Date): Promise<void> {
  const receipt = (step: string, count: number) => tx.run(insertReceipt, [erasureId, step, count, at])
  const members = (await tx.run<{ member_id: string }>(selectErasedMembers, [persons])).map((row) => row.member_id)
  const ids = { persons, members }
  for (const { step, ids: asked, statement } of eraseSteps) {
    const [done] = await tx.run<{ count: number }>(statement, asked.map((kind) => ids[kind]))
    await receipt(step, done?.count ?? 0)
  }
  await receipt('contactMirror', await scrubContacts(tx, cipher, persons))
  const [identifiers] = await tx.run<{ count: number }>(deleteRestrictedIdentifiers, [persons])
  await receipt('identifiersErased', identifiers?.count ?? 0)
  await receipt('dataKeys', await shred(tx, cipher, persons, erasureId, at))
  await tx.run(finishErasure, [erasureId, at])
  await tx.run(deletePersons, [persons])
  await tx.run(insertAudit, [newId(), at, 'system', 'lifecycle', 'erasure.done', `erasure:${erasureId}`, [], ''])
}
