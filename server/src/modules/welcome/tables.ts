import type { Statement } from '../../db/pool.ts'

/** One try per event: no row means somebody tried before. $1 event digest, $2 external user id, $3 staff, $4 received at. */
export const claimWelcome: Statement = {
  name: 'welcome_claim',
  text: `insert into welcome_attempt (event_digest, external_user_id, staff_user_id, outcome, received_at) values ($1, $2, $3, 'sending', $4)
    on conflict (event_digest) do nothing returning 1`,
}

/** $1 event digest, $2 outcome, $3 now. */
export const finishWelcome: Statement = {
  name: 'welcome_finish',
  text: 'update welcome_attempt set outcome = $2, finished_at = $3 where event_digest = $1',
}

/** Who the new contact is to us. $1 external-userid namespace, $2 external user id, $3 unionid namespace, $4 unionid or null, $5 staff, $6 state or null. */
export const selectWelcomeFacts: Statement = {
  name: 'welcome_facts',
  text: `select (select name from staff where staff_user_id = $5) as staff_name,
      (select m.tier from identifier i join member m using (person_id)
        where (i.namespace = $1 and i.value = $2) or (i.namespace = $3 and i.value = $4) limit 1) as tier,
      (select welcome_text from channel where token = $6) as channel_text`,
}
