import type { Statement } from '../../db/pool.ts'

const channelColumns = `c.channel_id, c.token, c.name, c.store_name, c.staff_user_id, c.utm, c.state,
    (select count(*)::int from member m where m.channel_id = c.channel_id) as registrations`

/** $1 id, $2 token, $3 name, $4 store, $5 staff, $6 utm, $7 now. */
export const insertScanChannel: Statement = {
  name: 'channel_insert_scan',
  text: `insert into channel (channel_id, token, kind, name, store_name, staff_user_id, utm, state, created_at)
    values ($1, $2, 'scan', $3, $4, $5, $6, 'preparing', $7)`,
}

export const selectChannels: Statement = {
  name: 'channel_list',
  text: `select ${channelColumns} from channel c where c.kind = 'scan' order by c.created_at desc, c.channel_id desc limit 500`,
}

/** $1 channel id. */
export const selectUnpreparedChannel: Statement = {
  name: 'channel_unprepared',
  text: `select token, name, staff_user_id, code_image is not null as has_image, contact_way_config_id is not null as has_contact_way
    from channel where channel_id = $1 and state <> 'ready'`,
}

/** $1 channel id, $2 image. */
export const updateCodeImage: Statement = { name: 'channel_code_image', text: 'update channel set code_image = $2 where channel_id = $1' }

/** $1 channel id, $2 config id, $3 address of the QR. */
export const updateContactWay: Statement = {
  name: 'channel_contact_way',
  text: 'update channel set contact_way_config_id = $2, contact_way_url = $3 where channel_id = $1',
}

/** $1 channel id, $2 state. */
export const updateChannelState: Statement = { name: 'channel_state', text: 'update channel set state = $2 where channel_id = $1' }

/** $1 token. */
export const selectCodeImage: Statement = { name: 'channel_image', text: 'select code_image from channel where token = $1 and code_image is not null' }

/** $1 id, $2 token, $3 name, $4 staff, $5 external user id, $6 link or null, $7 its end, $8 now. */
export const insertInvitation: Statement = {
  name: 'channel_insert_invitation',
  text: `insert into channel (channel_id, token, kind, name, staff_user_id, external_user_id, state, link_url, link_expires_at, created_at)
    values ($1, $2, 'invitation', $3, $4, $5, 'ready', $6, $7, $8)`,
}

/** $1 token, $2 staff, $3 external user id. */
export const selectInvitation: Statement = {
  name: 'channel_invitation',
  text: `select 1 from channel where token = $1 and kind = 'invitation' and staff_user_id = $2 and external_user_id = $3`,
}

/** $1 external user id, $2 staff. */
export const selectLiveFollow: Statement = {
  name: 'channel_live_follow',
  text: 'select 1 from follow_user where external_user_id = $1 and staff_user_id = $2 and ended_at is null',
}
