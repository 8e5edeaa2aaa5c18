import type { Statement } from '../../db/pool.ts'

/** Jobs the queue may hold before a count says "at least"; a look must not read a table of millions. */
const counted = 100_000

/** The queue's own time, in which letters are dated. */
export const selectQueueTime: Statement = { name: 'dead_letter_time', text: 'select now() as at' }

/** Every queue with letters; $1 the suffix of their queues, $2 the queue of jobs of other versions. */
export const selectDeadQueues: Statement = {
  name: 'dead_letter_queues',
  text: `with dead as (
      select name, count(*)::int as dead, min(created_on) as oldest_at
      from (select name, created_on from queue.job where state < 'active' and (name like '%' || $1 or name = $2) limit ${counted}) j group by name
    ), known as (select case when name = $2 then name else left(name, -length($1)) end as job, dead, oldest_at from dead)
    select job, dead, oldest_at,
      (select count(*)::int from (select from queue.job j where j.name = known.job and known.job <> $2 and j.state < 'completed' limit ${counted}) w)
        + (select count(*)::int from (select from outbox o where o.job = known.job limit ${counted}) o) as under_way
    from known order by dead desc, job`,
}

/** One page, newest first. $1 name of the queue of letters, $2 microseconds and $3 id of the last letter before the page or null, $4 how many. */
export const selectDeadLetters: Statement = {
  name: 'dead_letter_page',
  text: `select id, data, source_output, source_retry_count, coalesce(source_created_on, created_on) as asked_at, created_on,
      (extract(epoch from created_on) * 1000000)::bigint::text as micros
    from queue.job where name = $1 and state < 'active'
      and ($2::bigint is null or (created_on, id) < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::uuid))
    order by created_on desc, id desc limit $4`,
}

const chosen = `select id from queue.job where name = $1 and state < 'active' and ($2::uuid[] is null or id = any($2)) and ($3::timestamptz is null or created_on <= $3)
      order by created_on, id limit $4 for update skip locked`

/**
 * Moves letters back into the outbox, with the payload and the key they had. $1 name of the queue of letters, $2 ids or null,
 * $3 gave up until or null, $4 at most so many, $5 the job. Letters of another version name their job themselves.
 */
export const replayLetters: Statement = {
  name: 'dead_letter_replay',
  text: `with taken as (delete from queue.job where name = $1 and id in (${chosen}) returning id, data, singleton_key),
    asked as (
      insert into outbox (job, job_key, payload)
      select case when $1 = $5 then data ->> 'job' else $5 end, coalesce(singleton_key, id::text), case when $1 = $5 then data -> 'payload' else data end from taken
      returning 1)
    select count(*)::int as handled from asked`,
}

/** $1 to $4 as above. */
export const discardLetters: Statement = {
  name: 'dead_letter_discard',
  text: `with taken as (delete from queue.job where name = $1 and id in (${chosen}) returning 1) select count(*)::int as handled from taken`,
}

/** What is left of a choice. $1 to $3 as above. */
export const countLetters: Statement = {
  name: 'dead_letter_count',
  text: `select count(*)::int as left from (select from queue.job where name = $1 and state < 'active' and ($2::uuid[] is null or id = any($2)) and ($3::timestamptz is null or created_on <= $3) limit ${counted}) j`,
}
