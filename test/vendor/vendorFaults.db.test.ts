import { afterEach, describe, expect, it } from 'vitest'
import { startWorker } from '@qihui/server/worker'
import { join } from '../factories/joining.ts'
import { callsOf, startProduct, type Product } from './startProduct.ts'

const contactGet = '/cgi-bin/externalcontact/get'
const hourMs = 3_600_000
/** Long enough for a circuit that opened to be tried again. */
const breathMs = 11_000
const until = { timeout: 40_000, interval: 100 }

let product: Product
let worker: Awaited<ReturnType<typeof startWorker>> | null = null
afterEach(async () => {
  await worker?.stop()
  worker = null
  await product.close()
})

/** Nobody listens there. */
const deadHost = 'http://127.0.0.1:9'

describe('while WeCom does not answer', () => {
  it('people register, and what WeCom has to be told waits', async () => {
    product = await startProduct({ settings: { WECOM_API_BASE: deadHost }, withWorker: true })
    for (const personId of ['p001', 'p002', 'p003']) await join(product, personId)
    const members = await product.rows<{ growth_value: number }>('select growth_value from member')
    expect(members).toHaveLength(3)
    expect((await fetch(`${product.serverUrl}/readyz`)).status).toBe(200)
  })
})

describe('a host in trouble', () => {
  it('that says it is busy three times (-1) is asked four times for one contact', async () => {
    product = await startProduct()
    const { world, faults } = product.sandbox
    faults.start({ seed: 7, callback: [{ kind: 'drop', probability: 1 }] })
    await world.addContact({ personId: 'p010', staffUserId: 'rep.li' })
    worker = await startWorker(product.services)
    const { externalUserId } = world.person('p010')
    await expect.poll(async () => (await product.rows('select 1 from external_contact where external_user_id = $1', [externalUserId])).length, until).toBe(1)
    // The first sweep mirrors everybody; only when it has, the calls that follow are those of this one contact.
    await expect.poll(() => product.rows(`select 1 from queue.job where name in ('mirrorContact', 'reconcileContacts', 'syncTierTag') and state < 'completed' union all select 1 from outbox`), until).toEqual([])
    faults.start({ seed: 7, vendor: [{ kind: 'errcode', path: contactGet, probability: 1, times: 3 }] })
    const before = callsOf(product, contactGet)
    await product.rows(`insert into outbox (job, job_key, payload) values ('mirrorContact', 'x', $1)`, [JSON.stringify({ externalUserId })])
    const done = () => product.rows(`select 1 from queue.job where name = 'mirrorContact' and state = 'completed' and singleton_key = 'x'`)
    await expect
      .poll(async () => {
        await product.rows(`update queue.job set start_after = now() where state = 'retry'`)
        return (await done()).length
      }, until)
      .toBe(1)
    expect(callsOf(product, contactGet) - before).toBe(4)
  })

  it('that limits the hour (45009) is asked twice in it, and nothing it was to do is lost', async () => {
    product = await startProduct()
    const { world, faults, settings, clock } = product.sandbox
    const people = Array.from({ length: 12 }, (_none, index) => `p0${20 + index}`)
    faults.start({ seed: 7, callback: [{ kind: 'drop', probability: 1 }] })
    for (const personId of people) await world.addContact({ personId, staffUserId: 'rep.li' })
    settings.frequency.set(contactGet, { limit: 0, windowMs: hourMs, errcode: 45009 })
    worker = await startWorker(product.services)
    const ids = people.map((personId) => world.person(personId).externalUserId)
    const mirrored = async () => (await product.rows('select 1 from external_contact where external_user_id = any($1)', [ids])).length
    /** Moves the time and lets go of what waits for it. */
    const pass = async (milliseconds: number) => {
      await clock.advance(milliseconds)
      await product.rows(`update queue.job set start_after = now() where state in ('created', 'retry') and name not like '%-dead'`)
    }
    await expect.poll(() => callsOf(product, contactGet), until).toBeGreaterThan(0)
    const crowd = callsOf(product, contactGet)
    // What left together is told together; more than a job runs at once it is not.
    expect(crowd).toBeLessThanOrEqual(5)
    for (let minute = 0; minute < 59; minute += 1) await pass(60_000)
    await expect.poll(() => callsOf(product, contactGet) - crowd, until).toBeLessThanOrEqual(1)
    settings.frequency.delete(contactGet)
    await expect
      .poll(async () => {
        await pass(breathMs * 10)
        return mirrored()
      }, { timeout: 90_000, interval: 250 })
      .toBe(people.length)
    expect(await product.rows(`select 1 from queue.job where name = 'mirrorContact-dead'`)).toEqual([])
  }, 180_000)
})

describe('tickets', () => {
  it('are fetched at most twice in their two hours, for a day of signatures by two processes', async () => {
    product = await startProduct()
    const edges = [product.services.wecom, product.anotherProcess().wecom]
    for (let minute = 0; minute < 24 * 60; minute += 10) {
      await Promise.all(edges.flatMap((edge) => [edge.getAgentTicket(), edge.getCorpTicket()]))
      await product.sandbox.clock.advance(10 * 60_000)
    }
    for (const path of ['/cgi-bin/ticket/get', '/cgi-bin/get_jsapi_ticket']) {
      expect(callsOf(product, path), path).toBeGreaterThanOrEqual(12)
      expect(callsOf(product, path), path).toBeLessThanOrEqual(26)
    }
  }, 120_000)
})
