import { randomInt } from 'node:crypto'
import { startWorker } from '@qihui/server/worker'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from '../sandbox/world/random.ts'
import { startProduct, type Product } from './startProduct.ts'

/** The long form: `LOST_PUSHES=200 npx vitest run --project vendor test/vendor/outage.db.test.ts`. */
const lostPushes = Number(process.env['LOST_PUSHES'] ?? 80)
const outageMs = 30 * 60_000
const reps = ['rep.li', 'rep.wang', 'rep.zhang'] as const
const patiently = { timeout: 60_000 + lostPushes * 500, interval: 250 }

let product: Product
let worker: Awaited<ReturnType<typeof startWorker>>
beforeAll(async () => {
  product = await startProduct({ peopleCount: lostPushes * 2 + 50 })
  worker = await startWorker(product.services)
})
afterAll(async () => {
  await worker.stop()
  await product.close()
})

/** Until outbox and queues are empty; retries are let go at once. */
async function settled(): Promise<void> {
  await expect
    .poll(async () => {
      await product.rows(`update queue.job set start_after = now() where state = 'retry'`)
      const [row] = await product.rows<{ left: number }>(`select ((select count(*) from outbox) + (select count(*) from queue.job where state < 'completed' and name not like '%-dead'))::int as left`)
      return row?.left
    }, patiently)
    .toBe(0)
}

/** Live relations of employees the app sees, with their tags. */
function ofWecom(): string[] {
  const { world } = product.sandbox
  const visible = new Set(world.staff.filter(({ isVisible, hasContactRight }) => isVisible && hasContactRight).map(({ userId }) => userId))
  return world.relations().filter(({ staffUserId }) => visible.has(staffUserId)).map(({ staffUserId, personId, tagIds }) => `${staffUserId} ${world.person(personId).externalUserId} ${tagIds.toSorted().join()}`).toSorted()
}
async function ofMirror(): Promise<string[]> {
  const rows = await product.rows<{ staff_user_id: string; external_user_id: string; tag_ids: string[] }>('select staff_user_id, external_user_id, tag_ids from follow_user where ended_at is null')
  return rows.map(({ staff_user_id, external_user_id, tag_ids }) => `${staff_user_id} ${external_user_id} ${tag_ids.toSorted().join()}`).toSorted()
}

it(`half an hour without callbacks, ${lostPushes} pushes lost, is repaired by the next sweep`, async () => {
  const seed = randomInt(2 ** 31)
  const chance = createRandom(seed)
  const { world, faults, callbacks, clock } = product.sandbox
  await settled()
  expect(await ofMirror()).toEqual(ofWecom())
  faults.start({ seed, callback: [{ kind: 'drop', probability: 1 }] })
  const tagId = await world.createTagByConsole('兴趣', '护肤')
  const before = callbacks.deliveries().length
  while (callbacks.deliveries().length - before < lostPushes) {
    const staffUserId = reps[Math.floor(chance() * reps.length)] ?? 'rep.li'
    const own = world.relations().filter((relation) => relation.staffUserId === staffUserId)
    const some = own[Math.floor(chance() * own.length)]?.personId
    const stranger = world.people[Math.floor(chance() * world.people.length)]
    const dice = chance()
    if (dice < 0.6 && stranger && !own.some(({ personId }) => personId === stranger.personId)) await world.addContact({ personId: stranger.personId, staffUserId })
    else if (dice < 0.85 && some) await world.editContactByHand({ personId: some, staffUserId, addTagIds: [tagId] })
    else if (some) await world.removeContact({ personId: some, staffUserId, by: 'member' })
    await clock.advance(outageMs / lostPushes)
  }
  expect(callbacks.deliveries().slice(before).every(({ isDelivered }) => !isDelivered)).toBe(true)
  expect((await ofMirror()).length).not.toBe(0)
  expect(await ofMirror(), `seed ${seed}`).not.toEqual(ofWecom())
  faults.stop()
  await product.rows(`insert into outbox (job, job_key, payload) values ('reconcileContacts', 'test', '{}')`)
  await settled()
  expect(await ofMirror(), `seed ${seed}`).toEqual(ofWecom())
}, 120_000 + lostPushes * 1_000)
