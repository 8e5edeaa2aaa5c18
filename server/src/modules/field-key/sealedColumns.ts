/** A column whose values are sealed with the field key itself, not with a data key: what a new version of the key re-wraps (R60). */
export interface SealedColumn {
  readonly table: string
  readonly column: string
  /** SQL of what tells the rows apart and orders them. */
  readonly key: string
  /** The same as text, and how text becomes one again. */
  readonly keyText: string
  readonly keyOf: (text: string) => string
  /** Sorts before every key. */
  readonly firstKey: string
  /** SQL of the row id that is bound into the value. */
  readonly rowId: string
}

const uuid = (table: string, column: string, key: string): SealedColumn => ({
  table, column, key, keyText: `${key}::text`, keyOf: (text) => `${text}::uuid`, firstKey: '00000000-0000-0000-0000-000000000000', rowId: `${key}::text`,
})
const digest = (table: string, column: string, key: string): SealedColumn => ({
  table, column, key, keyText: `encode(${key}, 'hex')`, keyOf: (text) => `decode(${text}, 'hex')`, firstKey: '', rowId: `encode(${key}, 'hex')`,
})
const words = (table: string, column: string, key: string): SealedColumn => ({ table, column, key, keyText: key, keyOf: (text) => text, firstKey: '', rowId: key })

/**
 * Every such column. Short-lived ones are here too: an old key may be thrown away when the status says that nothing names it.
 * A test compares with the schema: a column called `…_sealed` is here or in `sealedByDataKey`.
 */
export const sealedColumns: readonly SealedColumn[] = [
  uuid('member', 'data_key_sealed', 'member_id'),
  words('external_contact', 'data_key_sealed', 'external_user_id'),
  uuid('registration_draft', 'data_key_sealed', 'draft_id'),
  digest('callback_event', 'body_sealed', 'digest'),
  uuid('delivery', 'recipient_sealed', 'delivery_id'),
  uuid('delivery', 'body_sealed', 'delivery_id'),
  uuid('coupon', 'code_sealed', 'coupon_id'),
  uuid('deidentified_export', 'key_sealed', 'export_id'),
  digest('oauth_state', 'session_token_sealed', 'state_hash'),
  words('vendor_credential', 'value_sealed', `(vendor || '|' || app || '|' || kind)`),
]

/** Columns sealed with a data key that rests beside them: the key is re-wrapped, they stay as they are. */
export const sealedByDataKey: readonly string[] = [
  'member.phone_sealed', 'member_answer.value_sealed', 'external_contact.name_sealed', 'follow_user.remark_sealed',
  'registration_draft.phone_sealed', 'registration_draft.answers_sealed',
]

/** `member.data_key_sealed`. */
export function placeName({ table, column }: SealedColumn): string {
  return `${table}.${column}`
}
