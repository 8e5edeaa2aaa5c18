import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SMS_PATH } from '../sandbox/vendors/sms/mountSms.ts'
import { chanceOfRun, sizeOf } from './harness/faultSeed.ts'
import { openFleet, type Fleet } from './harness/fleet.ts'
import { settle } from './harness/settle.ts'
import { staffCallsOf, type StaffCalls } from './harness/staffCalls.ts'

/** Kills of each kind (trust test 11): FAULT_KILLS=200 for the whole of it. */
const kills = sizeOf('FAULT_KILLS', 3)
/** What a commit takes until its effect is under way: kills fall anywhere in it. Milliseconds. */
const dispatchMs = 300
const heldWithinMs = 60_000
/** A customer can be given a few of the tags there are; more kills need more customers. */
const tagsOfOne = 4
const contactWayPath = '/cgi-bin/externalcontact/add_contact_way'
const markTagPath = '/cgi-bin/externalcontact/mark_tag'

const chance = chanceOfRun('effects under kills')
let fleet: Fleet
let rep: StaffCalls
let manager: StaffCalls
let inviteChannelId: string
const tokens: string[] = []
const phones: string[] = []
const tagged: { personId: string; tagId: string }[] = []

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A new contact way, an SMS, a tag: each asked for once, with a key of its own. */
const acts = [
  {
    path: contactWayPath,
    async run() {
      const { token } = await rep.post('/api/channels', { name: `渠道 ${tokens.length + 1}`, staffUserId: 'rep.li' })
      tokens.push(String(token))
    },
  },
  {
    path: SMS_PATH,
    async run() {
      const person = fleet.sandbox.world.people.filter(({ phone }) => phone !== null)[phones.length]
      phones.push(person?.phone ?? '')
      await manager.post(`/api/channels/${inviteChannelId}/deliveries`, { recipients: [person?.phone ?? ''] })
    },
  },
  {
    path: markTagPath,
    async run() {
      const { world } = fleet.sandbox
      const mine = world.relations().filter(({ staffUserId }) => staffUserId === 'rep.li')
      const { personId } = mine[tagged.length % mine.length] ?? { personId: '' }
      const [tag] = await fleet.ask<{ tag_id: string }>(`select tag_id from corp_tag where tier is null and tag_id not in (select unnest($1::text[])) order by tag_id limit 1`, [
        [...(world.relations().find((relation) => relation.staffUserId === 'rep.li' && relation.personId === personId)?.tagIds ?? []), ...tagged.filter((one) => one.personId === personId).map(({ tagId }) => tagId)],
      ])
      if (tag === undefined) throw new Error(`${personId} has every tag already: let rep.li serve more customers`)
      tagged.push({ personId, tagId: tag.tag_id })
      await rep.post(`/api/sidebar/contacts/${world.person(personId).externalUserId}/corp-tags`, { addTagIds: [tag.tag_id], removeTagIds: [] })
    },
  },
] as const

const workers = () => fleet.places.filter(({ role }) => role === 'worker')

async function killAndRestart(places: readonly Fleet['places'][number][]): Promise<void> {
  for (const place of places) {
    await place.process.kill()
    fleet.restart(place)
  }
}

/** Whoever is killed here has written what is to be done, or is about to: now the web process that answers, now a worker that carries on. */
async function killBeforeDispatch(act: (typeof acts)[number]): Promise<void> {
  const victim = fleet.places[chance.below(fleet.places.length)]
  const asked = act.run()
  await pause(chance.below(dispatchMs))
  if (victim !== undefined) await killAndRestart([victim])
  await asked
}

/** The platform has done it and nobody has heard of it: that is the moment. @returns how many effects were caught in it */
async function killBeforeRecord(act: (typeof acts)[number]): Promise<void> {
  const { faults } = fleet.sandbox
  let stopListening = () => {}
  const held = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${act.path} was not called within ${heldWithinMs / 1000} s`)), heldWithinMs)
    stopListening = faults.onHeld(() => {
      clearTimeout(timer)
      resolve()
    })
  })
  faults.start({ seed: chance.seed, vendor: [{ kind: 'hold', probability: 1, path: act.path, times: 1 }] })
  const asked = act.run()
  try {
    await held
  } finally {
    stopListening()
    faults.stop()
  }
  await killAndRestart(workers())
  await asked
}

beforeAll(async () => {
  fleet = await openFleet({ peopleCount: 300 + kills * 4 })
  await fleet.ready()
  const { world } = fleet.sandbox
  const strangers = world.people.filter(({ personId }) => !world.relations().some((relation) => relation.personId === personId))
  for (const { personId } of strangers.slice(0, Math.ceil(kills / tagsOfOne))) await world.addContact({ personId, staffUserId: 'rep.li' })
  await settle(fleet)
  rep = await staffCallsOf(fleet, 'rep.li')
  manager = await staffCallsOf(fleet, 'manager.wu')
  inviteChannelId = String((await manager.post('/api/channels', { kind: 'inviteLink', name: '短信邀请' }))['channelId'])
}, 240_000)
afterAll(() => fleet.close(), 60_000)

describe(`effects outside (seed ${chance.seed})`, () => {
  it(`${kills} kills between commit and dispatch and ${kills} between deed and record: none lost, none twice where twice would show`, async () => {
    for (let count = 0; count < kills * 2; count += 1) {
      const act = acts[Math.floor(count / 2) % acts.length] ?? acts[0]
      await (count % 2 === 0 ? killBeforeDispatch(act) : killBeforeRecord(act))
    }
    await fleet.ready()
    await settle(fleet)
    const { effects, world } = fleet.sandbox
    const dead = await fleet.ask(`select name, data, source_output from queue.job where name like '%-dead'`)
    expect(dead).toEqual([])

    const ways = effects.of(contactWayPath)
    expect(Object.fromEntries(tokens.map((token) => [token, ways.get(token)]))).toEqual(Object.fromEntries(tokens.map((token) => [token, 1])))
    expect(await fleet.ask(`select token from channel where token = any($1) and state <> 'ready'`, [tokens])).toEqual([])

    const arrived = world.outbox().filter(({ medium }) => medium === 'sms').map(({ to }) => to.replace(/\D/g, '').slice(-11))
    expect(arrived.sort()).toEqual([...phones].sort())
    expect(await fleet.ask(`select state from delivery where state <> 'sent'`)).toEqual([])

    const missing = tagged.filter(({ personId, tagId }) => !world.relations().some((relation) => relation.staffUserId === 'rep.li' && relation.personId === personId && relation.tagIds.includes(tagId)))
    expect(missing).toEqual([])
    console.info(`${kills} + ${kills} kills: ${tokens.length} contact ways, ${phones.length} SMS, ${tagged.length} tags`)
  }, 3_600_000)
})
