import { randomInt } from 'node:crypto'
import { startWorker } from '@qihui/server/worker'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProduct, type Product } from './startProduct.ts'

/** The long form: `TAG_CUSTOMERS=5000 npx vitest run --project vendor test/vendor/tagReconcile.db.test.ts`. */
const customers = Number(process.env['TAG_CUSTOMERS'] ?? 150)
const reps = ['rep.li', 'rep.wang', 'rep.zhang'] as const
const tierNames = ['普通会员', '银卡会员', '金卡会员']
const tierOf = ['normal', 'silver', 'gold'] as const
const patiently = { timeout: 30_000 + customers * 100, interval: 250 }
const markTag = '/cgi-bin/externalcontact/mark_tag'

let product: Product
let worker: Awaited<ReturnType<typeof startWorker>>
/** Write calls so far, and those refused because more than five were under way; the wire itself keeps only its newest lines. */
let marks = 0
let crowded = 0
beforeAll(async () => {
  product = await startProduct({ withWorker: false, peopleCount: customers + 10 })
  worker = await startWorker(product.services)
  product.sandbox.settings.concurrency.set(markTag, 5)
  product.sandbox.wire.onEntry(({ what, errcode }) => {
    if (!what.endsWith(markTag)) return
    marks += 1
    if (errcode === 45033) crowded += 1
  })
})
afterAll(async () => {
  await worker.stop()
  await product.close()
})

async function ask(job: string): Promise<void> {
  await product.services.db.run({ name: `test_${job}`, text: `insert into outbox (job, job_key, payload) values ('${job}', 'test', '{}')` }, [])
}

/** Long enough for a circuit that opened after failures in a row to be tried again. */
const breathMs = 11_000

/** Until outbox and queues are empty. Delayed jobs are let go at once; the clock takes a breath at each look, or an opened circuit would never close. */
async function settled(): Promise<void> {
  await expect
    .poll(async () => {
      await product.sandbox.clock.advance(breathMs)
      await product.rows(`update queue.job set start_after = now() where state in ('created', 'retry') and start_after > now()`)
      const [row] = await product.rows<{ left: number }>(`select ((select count(*) from outbox) + (select count(*) from queue.job where state in ('created', 'active', 'retry') and name not like '%-dead'))::int as left`)
      return row?.left
    }, patiently)
    .toBe(0)
}

/** Four of five contacts are members, in all three tiers, as years of registrations leave them. */
async function makeMembers(): Promise<void> {
  await product.rows(
    `insert into member (member_id, person_id, member_no, data_key_sealed, tier, tier_since, growth_value, form_version, policy_version, registered_at, last_activity_at)
     select gen_random_uuid(), person_id, 'T' || row_number() over (order by external_user_id), '', ($1::text[])[1 + (row_number() over (order by external_user_id)) % 3], now(), 0, '2026-01', '2026-01', now(), now()
     from external_contact where external_user_id in (select external_user_id from external_contact order by external_user_id limit $2)`,
    [tierOf, Math.floor(customers * 0.8)],
  )
}

/** Pairs of WeCom, of staff the app may see, that do not carry exactly what our members say. */
async function wrongPairs(): Promise<string[]> {
  const { world } = product.sandbox
  const rows = await product.rows<{ external_user_id: string; tier: (typeof tierOf)[number] | null }>('select external_user_id, tier from external_contact left join member using (person_id)')
  const wanted = new Map(rows.map((row) => [row.external_user_id, row.tier === null ? [] : [tierNames[tierOf.indexOf(row.tier)]]]))
  const visible = new Set(world.staff.filter(({ isVisible }) => isVisible).map(({ userId }) => userId))
  return world.relations().filter(({ staffUserId }) => visible.has(staffUserId)).flatMap(({ personId, staffUserId, tagIds }) => {
    const expected = wanted.get(world.person(personId).externalUserId)
    const carried = world.tagNames(tagIds).filter((name) => tierNames.includes(name))
    return expected === undefined || JSON.stringify(carried) === JSON.stringify(expected) ? [] : [`${staffUserId} ${personId}: ${carried.join()} instead of ${expected.join()}`]
  })
}

describe('the monthly look at all pairs', () => {
  it(`leaves exactly one tier tag on every pair of ${customers} customers, through failures, hand edits and a deleted tag`, async () => {
    const { sandbox } = product
    const seed = randomInt(2 ** 31)
    sandbox.faults.start({ seed, callback: [{ kind: 'drop', probability: 1 }] })
    const begun = performance.now()
    for (let index = 1; index <= customers; index += 1) {
      const personId = sandbox.world.people[index - 1]?.personId ?? ''
      for (const staffUserId of reps.slice(0, 1 + (index % 3))) await sandbox.world.addContact({ personId, staffUserId })
    }
    await ask('syncCorpTags')
    await ask('reconcileContacts')
    await settled()
    await makeMembers()
    const tags = await product.rows<{ tag_id: string; tier: string }>('select tag_id, tier from corp_tag where tier is not null')
    const idOf = (tier: string) => tags.find((tag) => tag.tier === tier)?.tag_id ?? ''
    for (let index = 1; index <= customers; index += 7) {
      await sandbox.world.editContactByHand({ personId: sandbox.world.people[index - 1]?.personId ?? '', staffUserId: 'rep.li', addTagIds: [idOf('gold'), idOf('normal')] })
    }
    await sandbox.world.deleteTagByConsole(idOf('silver'))
    sandbox.faults.start({ seed, callback: [{ kind: 'drop', probability: 1 }], vendor: [{ kind: 'http5xx', probability: 0.05 }, { kind: 'errcode', probability: 0.05 }] })
    await ask('syncCorpTags')
    await ask('reconcileTierTags')
    await settled()
    // What the circuit breaker refused while a fault was on is found by the next look.
    sandbox.faults.start({ seed, callback: [{ kind: 'drop', probability: 1 }] })
    await ask('reconcileTierTags')
    await settled()
    expect(await wrongPairs(), `seed ${seed}`).toEqual([])
    const written = marks
    const pairs = sandbox.world.relations().length
    console.info(`tags of ${pairs} pairs right after ${Math.round((performance.now() - begun) / 1000)} s and ${written} write calls, seed ${seed}`)
    expect(written).toBeGreaterThan(customers)
    await ask('reconcileTierTags')
    await settled()
    expect(marks, 'a second look writes nothing').toBe(written)
    expect(crowded, 'never more than five write calls at once').toBe(0)
    const reports = await product.rows<{ checked: number; differed: number }>('select sum(checked)::int as checked, sum(differed)::int as differed from tier_tag_report')
    expect(reports[0]?.differed).toBeGreaterThan(0)
  }, 120_000 + customers * 200)

  it('goes on where it was when its worker is stopped in the middle', async () => {
    const { world } = product.sandbox
    const [gold] = await product.rows<{ tag_id: string }>(`select tag_id from corp_tag where tier = 'gold'`)
    for (let index = 1; index <= customers; index += 5) {
      for (const staffUserId of reps.slice(0, 1 + (index % 3))) await world.editContactByHand({ personId: world.people[index - 1]?.personId ?? '', staffUserId, removeTagIds: [gold?.tag_id ?? ''] })
    }
    const before = marks
    const wrong = (await wrongPairs()).length
    expect(wrong).toBeGreaterThan(1)
    await ask('reconcileTierTags')
    await expect.poll(() => marks, patiently).toBeGreaterThan(before)
    await worker.stop()
    worker = await startWorker(product.services)
    await settled()
    expect(await wrongPairs()).toEqual([])
  }, 120_000 + customers * 100)

  it('waits for the end of the window when WeCom limits the calls, and makes hardly more of them', async () => {
    const { world, settings, clock } = product.sandbox
    const [gold] = await product.rows<{ tag_id: string }>(`select tag_id from corp_tag where tier = 'gold'`)
    for (let index = 1; index <= 60; index += 1) await world.editContactByHand({ personId: world.people[index - 1]?.personId ?? '', staffUserId: 'rep.li', addTagIds: [gold?.tag_id ?? ''] })
    const wrong = (await wrongPairs()).length
    const before = marks
    settings.frequency.set(markTag, { limit: 25, windowMs: 60_000, errcode: 45009 })
    await ask('reconcileTierTags')
    await expect
      .poll(async () => {
        await clock.advance(61_000)
        await product.rows(`update queue.job set start_after = now() where state in ('created', 'retry') and start_after > now()`)
        return (await wrongPairs()).length
      }, { timeout: 60_000, interval: 2_000 })
      .toBe(0)
    expect(marks - before).toBeGreaterThanOrEqual(wrong)
    expect(marks - before, 'calls for the pairs that were wrong').toBeLessThanOrEqual(Math.ceil(wrong * 1.2))
  }, 120_000)
})
