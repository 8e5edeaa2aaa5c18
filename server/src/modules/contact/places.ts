import type { Place } from '../../security/fieldCipher.ts'

/** Where the key of one contact's fields rests; its relations' remarks use the same key. */
export function contactKeyPlace(externalUserId: string): Place {
  return { table: 'external_contact', column: 'data_key_sealed', rowId: externalUserId }
}

export function contactNamePlace(externalUserId: string): Place {
  return { table: 'external_contact', column: 'name_sealed', rowId: externalUserId }
}

export function remarkPlace(externalUserId: string, staffUserId: string): Place {
  return { table: 'follow_user', column: 'remark_sealed', rowId: `${externalUserId}|${staffUserId}` }
}
