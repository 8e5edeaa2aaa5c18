import { opennessOf, type Channel, type ChannelOpenness } from '@qihui/shared/channel'

/** A channel as stored, with the members it has brought. */
export interface ChannelRow {
  readonly channel_id: string
  readonly token: string
  readonly kind: Channel['kind'] | 'invitation' | 'confirmation'
  readonly name: string
  readonly store_name: string | null
  readonly staff_user_id: string | null
  readonly utm: Channel['utm']
  readonly form_key: string
  readonly binding_mode: Channel['bindingMode']
  readonly corp_tag_ids: string[]
  readonly welcome_text: string | null
  readonly state: Channel['state']
  readonly expires_at: Date | null
  readonly revoked_at: Date | null
  readonly max_registrations: number | null
  readonly counted_registrations: number
  readonly created_by: string | null
  readonly created_at: Date
  readonly registrations: number
}

/** The address of the invite page of a token; the UTM stays with us (R13). */
export function inviteUrlOf(publicUrl: string, token: string): string {
  return `${publicUrl}/i/${token}`
}

/** Whether a stored channel still brings members. */
export function opennessOfRow(row: Pick<ChannelRow, 'revoked_at' | 'expires_at' | 'max_registrations' | 'counted_registrations'>, at: Date): ChannelOpenness {
  return opennessOf({ revokedAt: row.revoked_at, expiresAt: row.expires_at, maxRegistrations: row.max_registrations, countedRegistrations: row.counted_registrations }, at)
}

/** A channel as employees see it. */
export function presentChannel(row: ChannelRow, publicUrl: string, at: Date): Channel {
  return {
    channelId: row.channel_id,
    token: row.token,
    kind: row.kind === 'scan' ? 'scan' : 'inviteLink',
    name: row.name,
    storeName: row.store_name,
    staffUserId: row.staff_user_id,
    utm: row.utm,
    formKey: row.form_key,
    bindingMode: row.binding_mode,
    corpTagIds: row.corp_tag_ids,
    welcomeText: row.welcome_text,
    state: row.state,
    openness: opennessOfRow(row, at),
    expiresAt: row.expires_at?.toISOString() ?? null,
    maxRegistrations: row.max_registrations,
    registrations: row.registrations,
    inviteUrl: inviteUrlOf(publicUrl, row.token),
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
  }
}
