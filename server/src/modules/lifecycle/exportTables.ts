import type { Statement } from '../../db/pool.ts'

const exportColumns = 'export_id, purpose, created_by, created_at, expires_at, key_sealed, k, row_count, suppressed_count, downloads'

/** $1 id, $2 purpose, $3 by, $4 now, $5 expires, $6 key, $7 k. */
export const insertExport: Statement = {
  name: 'lifecycle_insert_export',
  text: `insert into deidentified_export (export_id, purpose, created_by, created_at, expires_at, key_sealed, k) values ($1, $2, $3, $4, $5, $6, $7) returning ${exportColumns}`,
}

/** The newest 100. */
export const selectExports: Statement = { name: 'lifecycle_exports', text: `select ${exportColumns} from deidentified_export order by created_at desc limit 100` }

/** $1 id, $2 now. No row when it has run out. */
export const openExport: Statement = {
  name: 'lifecycle_open_export',
  text: `update deidentified_export set downloads = downloads + 1 where export_id = $1 and expires_at > $2 and key_sealed is not null returning ${exportColumns}`,
}

/** $1 id, $2 rows, $3 left out. */
export const countExport: Statement = { name: 'lifecycle_count_export', text: 'update deidentified_export set row_count = $2, suppressed_count = $3 where export_id = $1' }

/** What makes a person recognisable among others is made coarse here: quarters, ranges, kinds. Raw instants and ids never leave the database. */
const coarse = `select m.member_id, m.tier,
    to_char(m.registered_at at time zone 'Asia/Shanghai', 'YYYY"-Q"Q') as joined,
    coalesce(c.kind, 'none') as channel_kind,
    case when m.archived_at is not null then 'archived' when m.last_activity_at >= $1::timestamptz - interval '30 days' then 'within30days'
      when m.last_activity_at >= $1::timestamptz - interval '90 days' then 'within90days' else 'within180days' end as activity,
    case when m.growth_value < 100 then '0-99' when m.growth_value < 1000 then '100-999' when m.growth_value < 5000 then '1000-4999' else '5000+' end as growth
  from member m left join channel c using (channel_id) where m.restricted_at is null and m.absorbed_by is null and m.confirmed_at is not null`

/** A page of the export: only rows that share their coarse values with at least k - 1 others. $1 now, $2 k, $3 after, $4 how many. */
export const selectExportPage: Statement = {
  name: 'lifecycle_export_page',
  text: `with coarse as materialized (${coarse}), grouped as (select *, count(*) over (partition by tier, joined, channel_kind, activity, growth) as size from coarse)
    select member_id, tier, joined, channel_kind, activity, growth from grouped where size >= $2 and member_id > $3 order by member_id limit $4`,
}

/** How many rows go out and how many are left out. $1 now, $2 k. */
export const selectExportCounts: Statement = {
  name: 'lifecycle_export_counts',
  text: `with sizes as (select count(*) as size from (${coarse}) as rows group by tier, joined, channel_kind, activity, growth)
    select coalesce(sum(size) filter (where size >= $2), 0)::int as kept, coalesce(sum(size) filter (where size < $2), 0)::int as suppressed from sizes`,
}
