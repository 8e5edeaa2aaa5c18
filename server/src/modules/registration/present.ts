import { opennessOf } from '@qihui/shared/channel'
import type { FormVersion } from '@qihui/shared/form'
import type { RegistrationEntry } from '@qihui/shared/registration'
import { tiersOf, type TierRules } from '@qihui/shared/tier'
import type { Services } from '../../services.ts'

type EntryChannel = NonNullable<RegistrationEntry['channel']>

/** Where a person came from, as stored. */
export interface EntryChannelRow {
  readonly token: string
  readonly name: string
  readonly store_name: string | null
  readonly staff_name: string | null
  readonly kind: EntryChannel['kind']
  readonly form_key: string
  readonly binding_mode: EntryChannel['bindingMode']
  readonly revoked_at: Date | null
  readonly expires_at: Date | null
  readonly max_registrations: number | null
  readonly counted_registrations: number
}

function presentChannel(row: EntryChannelRow, at: Date): EntryChannel {
  const limits = { revokedAt: row.revoked_at, expiresAt: row.expires_at, maxRegistrations: row.max_registrations, countedRegistrations: row.counted_registrations }
  return { token: row.token, name: row.name, storeName: row.store_name, staffName: row.staff_name, kind: row.kind, state: opennessOf(limits, at), bindingMode: row.binding_mode }
}

/** What the landing page shows: where from, what for, and the versions in force. */
export function presentEntry(
  brandName: string,
  channel: EntryChannelRow | null,
  inForce: { readonly policy: Awaited<ReturnType<Services['policies']['inForce']>>; readonly form: FormVersion; readonly registrationGrowth: number; readonly tierRules: TierRules },
  at: Date,
): RegistrationEntry {
  const { policy, form, registrationGrowth, tierRules } = inForce
  return {
    brandName,
    channel: channel && presentChannel(channel, at),
    tiers: tiersOf(tierRules.ladder).map(({ code, name, minGrowth, benefits }) => ({ code, name, minGrowth, benefits: [...benefits] })),
    registrationGrowth,
    policy: { version: policy.version, title: policy.title, summary: [...policy.summary] },
    form: { version: form.version, fields: [...form.definition.fields] },
  }
}
