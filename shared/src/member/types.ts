import type { FieldAccess } from '../rights/types.ts'

/** P public, N normal (masked by default), S sensitive (opens only by approval). */
export type FieldClass = 'P' | 'N' | 'S'

/** How a field is kept in the database. */
export type FieldStorage = 'plain' | 'encrypted' | 'encryptedIndexed'

/** How a field is shown to someone without the right to the raw value; `presence`: that there is one, `hidden`: not even that. */
export type FieldMask = 'none' | 'phone' | 'name' | 'presence' | 'hidden'

/** Everything the system knows about one field; unknown fields are denied. */
export interface FieldDefinition {
  readonly key: string
  readonly label: string
  readonly type: 'text' | 'phone' | 'number' | 'instant' | 'choice' | 'image'
  readonly class: FieldClass
  /** Where the value rests: `<table>.<column>`; encrypted columns end in `_sealed`, their search index in `_index`. */
  readonly column: string
  readonly storage: FieldStorage
  readonly mask: FieldMask
  /** Which role sees and writes it (R59); a role that is not named does not. */
  readonly access: FieldAccess
  readonly purpose: string
  readonly legalBasis: 'consent' | 'contract'
  /** Days kept after the membership ends. */
  readonly retentionDays: number
  /** Whether the sidebar shows it in the profile. */
  readonly isInProfile: boolean
}
