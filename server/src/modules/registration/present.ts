import { policyAt } from '@qihui/shared/consent'
import { formAt } from '@qihui/shared/form'
import { registrationGrowth } from '@qihui/shared/growth'
import { memberFields } from '@qihui/shared/member'
import type { RegistrationEntry } from '@qihui/shared/registration'
import { tiers } from '@qihui/shared/tier'

/** Where a person came from, as stored. */
export interface EntryChannelRow {
  readonly token: string
  readonly name: string
  readonly store_name: string | null
  readonly staff_name: string | null
}

/** What the landing page shows: where from, what for, and the versions in force. */
export function presentEntry(brandName: string, channel: EntryChannelRow | null, at: Date): RegistrationEntry {
  const policy = policyAt(at)
  const form = formAt(at)
  return {
    brandName,
    channel: channel && { token: channel.token, name: channel.name, storeName: channel.store_name, staffName: channel.staff_name },
    tiers: tiers.map(({ code, name, minGrowth, benefits }) => ({ code, name, minGrowth, benefits: [...benefits] })),
    registrationGrowth,
    policy: { version: policy.version, title: policy.title, summary: [...policy.summary] },
    form: { version: form.version, fields: form.fields.map((key) => ({ key, label: memberFields[key].label, purpose: memberFields[key].purpose })) },
  }
}
