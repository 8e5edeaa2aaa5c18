import { randomInt } from 'node:crypto'
import { startWorker } from '@qihui/server/worker'
import { afterEach, expect, it } from 'vitest'
import { sealCallback } from '../sandbox/callbacks/sealCallback.ts'
import { createRandom } from '../sandbox/world/random.ts'
import { startProduct, type Product } from './startProduct.ts'

/** The long form: `WELCOME_ADDS=1000 npx vitest run --project vendor test/vendor/welcomeDelay.db.test.ts`. */
const adds = Number(process.env['WELCOME_ADDS'] ?? 60)
const longestDelaySeconds = 25
const codeLivesSeconds = 20
const patiently = { timeout: 30_000 + adds * 200, interval: 50 }

interface Add {
  readonly personId: string
  readonly externalUserId: string
  readonly plaintext: string
  readonly delaySeconds: number
  readonly isGreetedByAnother: boolean
}

let product: Product
let workers: Awaited<ReturnType<typeof startWorker>>[] = []
const startWorkers = async (): Promise<void> => {
  workers = await Promise.all([startWorker(product.services), startWorker(product.anotherProcess())])
}
const stopWorkers = async (): Promise<void> => {
  await Promise.all(workers.map((worker) => worker.stop()))
  workers = []
}
afterEach(async () => {
  await stopWorkers()
  await product.close()
})

/** Customers add a rep at one instant; WeCom's pushes are kept back, for the test to deliver late. */
async function addAll(count: number, chance: () => number): Promise<Add[]> {
  const { world, faults, callbacks } = product.sandbox
  faults.start({ seed: 1, callback: [{ kind: 'drop', probability: 1 }] })
  const followed = new Set(world.relations().map(({ personId }) => personId))
  const people = world.people.filter(({ personId, type }) => type === 1 && !followed.has(personId)).slice(0, count)
  expect(people).toHaveLength(count)
  for (const { personId } of people) await world.addContact({ personId, staffUserId: 'rep.li' })
  const pushes = callbacks.deliveries().map(({ plaintext }) => plaintext)
  return people.map(({ personId, externalUserId }) => ({
    personId,
    externalUserId,
    plaintext: pushes.find((plaintext) => plaintext.includes(externalUserId)) ?? '',
    delaySeconds: Math.floor(chance() * (longestDelaySeconds + 1)),
    isGreetedByAnother: chance() < 0.1,
  }))
}

let nonces = 0
async function push({ plaintext }: Add): Promise<void> {
  nonces += 1
  const { query, body } = sealCallback({ plaintext, timestamp: Math.floor(product.sandbox.clock.now() / 1000), nonce: `n${nonces}` })
  const answer = await fetch(`${product.serverUrl}/callbacks/wecom?${new URLSearchParams(query)}`, { method: 'POST', body })
  expect(answer.status).toBe(200)
}

/** Tries at `send_welcome_msg`: how many, and what came of them. */
function countTries(): Map<number, number> {
  const tries = new Map<number, number>()
  product.sandbox.wire.onEntry(({ what, errcode }) => {
    if (what.endsWith('send_welcome_msg')) tries.set(errcode ?? 0, (tries.get(errcode ?? 0) ?? 0) + 1)
  })
  return tries
}

async function finished(count: number): Promise<void> {
  await expect.poll(async () => (await product.rows(`select 1 from welcome_attempt where outcome <> 'sending'`)).length, patiently).toBe(count)
}

function expectedOf({ delaySeconds, isGreetedByAnother }: Add): string {
  if (delaySeconds >= codeLivesSeconds) return 'missed'
  return isGreetedByAnother ? 'lostRace' : 'sent'
}

/** What is stored and what the customers saw is what the delays say; each code was tried once, none after its end. */
async function expectOutcomes(all: readonly Add[], tries: ReadonlyMap<number, number>, seed: number): Promise<void> {
  const rows = await product.rows<{ external_user_id: string; outcome: string }>('select external_user_id, outcome from welcome_attempt')
  const stored = rows.map(({ external_user_id, outcome }) => `${external_user_id} ${outcome}`).toSorted()
  expect(stored, `seed ${seed}`).toEqual(all.map((add) => `${add.externalUserId} ${expectedOf(add)}`).toSorted())
  const countOf = (outcome: string) => all.filter((add) => expectedOf(add) === outcome).length
  expect(Object.fromEntries([...tries].filter(([, count]) => count > 0))).toEqual(Object.fromEntries([[0, countOf('sent')], [41051, countOf('lostRace')]].filter(([, count]) => Number(count) > 0)))
  for (const add of all) {
    const texts = product.sandbox.world.chat('rep.li', add.personId).filter(({ from, kind }) => from === 'staff' && kind === 'text')
    expect(texts.length, `${add.personId}, seed ${seed}`).toBe(add.isGreetedByAnother || expectedOf(add) === 'sent' ? 1 : 0)
  }
}

async function greetByAnother(all: readonly Add[]): Promise<void> {
  for (const { personId, isGreetedByAnother } of all) {
    if (isGreetedByAnother) await product.sandbox.world.sendWelcomeByOtherApp({ personId, staffUserId: 'rep.li', text: '您好' })
  }
}

it(`${adds} welcomes whose pushes come 0 to 25 s late, twice and again, go out within 20 s, once, or not at all`, async () => {
  const seed = randomInt(2 ** 31)
  const chance = createRandom(seed)
  product = await startProduct({ peopleCount: adds * 2 + 100 })
  const tries = countTries()
  const all = await addAll(adds, chance)
  await greetByAnother(all)
  await startWorkers()
  const begun = performance.now()
  for (let second = 0; second <= longestDelaySeconds; second += 1) {
    const due = all.filter(({ delaySeconds }) => delaySeconds === second)
    const again = all.filter(({ delaySeconds }) => delaySeconds < second && chance() < 0.05)
    await Promise.all([...due, ...due, ...again].map(push))
    await finished(all.filter(({ delaySeconds }) => delaySeconds <= second).length)
    await product.sandbox.clock.advance(1_000)
  }
  await expectOutcomes(all, tries, seed)
  console.info(`${adds} adds in ${Math.round((performance.now() - begun) / 1000)} s, seed ${seed}: ${JSON.stringify(Object.fromEntries(tries))}`)
}, 120_000 + adds * 1_000)

it('a welcome whose workers were away goes out within its 20 s, or not at all', async () => {
  const seed = randomInt(2 ** 31)
  product = await startProduct({ peopleCount: 200 })
  const tries = countTries()
  const delays = [0, 7, 19, 20, 25]
  const all: Add[] = []
  for (const delaySeconds of delays) {
    const group = (await addAll(3, createRandom(seed + delaySeconds))).map((add) => ({ ...add, delaySeconds }))
    await greetByAnother(group)
    await Promise.all(group.map(push))
    all.push(...group)
    await product.sandbox.clock.advance(delaySeconds * 1_000)
    await startWorkers()
    await finished(all.length)
    await stopWorkers()
  }
  await expectOutcomes(all, tries, seed)
}, 180_000)
