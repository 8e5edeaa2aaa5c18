import type { Statement } from '../../db/pool.ts'
import { placeName, type SealedColumn } from './sealedColumns.ts'

/** Rows after a key that another version sealed, locked until the batch commits. $1 key, $2 current version, $3 how many. */
export function selectBatch(sealed: SealedColumn): Statement {
  const { table, column, key, keyText, keyOf, rowId } = sealed
  return {
    name: `field_key_batch_${placeName(sealed)}`,
    text: `select ${keyText} as key, ${rowId} as row_id, ${column} as sealed from ${table}
      where ${key} > ${keyOf('$1::text')} and length(${column}) > 1 and get_byte(${column}, 0) <> $2::int order by ${key} limit $3 for update`,
  }
}

/** $1 keys, $2 the values under the new version. */
export function updateBatch(sealed: SealedColumn): Statement {
  const { table, column, key, keyOf } = sealed
  return {
    name: `field_key_update_${placeName(sealed)}`,
    text: `update ${table} set ${column} = b.sealed from unnest($1::text[], $2::bytea[]) as b(key, sealed) where ${key} = ${keyOf('b.key')}`,
  }
}

/** How many values name which version. */
export function countVersions(sealed: SealedColumn): Statement {
  const { table, column } = sealed
  return {
    name: `field_key_count_${placeName(sealed)}`,
    text: `select get_byte(${column}, 0) as version, count(*)::int as count from ${table} where length(${column}) > 1 group by 1 order by 1`,
  }
}

/** Where the re-wrapping of a column stands. One process at a time works on it: the row is locked. $1 version, $2 place, $3 first key, $4 now. */
export const lockProgress: Statement = {
  name: 'field_key_lock_progress',
  text: `insert into key_rotation (version, place, cursor, updated_at) values ($1, $2, $3, $4)
    on conflict (version, place) do update set updated_at = excluded.updated_at
    returning cursor, finished_at is not null as is_finished`,
}

/** $1 version, $2 place, $3 cursor, $4 rewrapped, $5 unreadable, $6 now, $7 whether the end was reached. */
export const saveProgress: Statement = {
  name: 'field_key_save_progress',
  text: `update key_rotation set cursor = $3, rewrapped = rewrapped + $4, unreadable = unreadable + $5, updated_at = $6, finished_at = case when $7::boolean then $6::timestamptz end
    where version = $1 and place = $2`,
}

/** Begins a column again from its first row: an older process may have written behind the cursor. $1 version, $2 place, $3 first key. */
export const restartProgress: Statement = {
  name: 'field_key_restart_progress',
  text: `update key_rotation set cursor = $3, unreadable = 0, finished_at = null where version = $1 and place = $2 and finished_at is not null`,
}

/** $1 version. */
export const selectProgress: Statement = {
  name: 'field_key_progress',
  text: 'select place, rewrapped, unreadable, updated_at, finished_at from key_rotation where version = $1 order by place',
}
