import { diagnose, type CallbackRefusalReason, type DoctorFacts, type Finding, type Sighting } from '@qihui/shared/doctor'
import type { Services } from '../../services.ts'
import { acceptedCallback } from '../../vendor/sightings.ts'
import { selectDoctorFacts, selectSightings } from './tables.ts'

type DoctorServices = Pick<Services, 'env' | 'db' | 'now' | 'sightings' | 'wecom' | 'wechat' | 'mail' | 'sms'>

interface StoredFacts {
  readonly wechat_contacts: number
  readonly contacts_with_union_id: number
  readonly logins: number
  readonly logins_with_union_id: number
  readonly tier_tag_ids: readonly string[]
}

const callbackPrefix = 'callback.'

async function sightingsOf({ db, sightings }: DoctorServices): Promise<Pick<DoctorFacts, 'callbackRefusals' | 'phoneQuotaRefusal' | 'lastCallbackAt'>> {
  await sightings.flush()
  const rows = await db.run<{ name: string; count: number; last_at: Date }>(selectSightings, [acceptedCallback])
  const known = new Map<string, Sighting>(rows.map(({ name, count, last_at: lastAt }) => [name, { count, lastAt: lastAt.toISOString() }]))
  const refusals = [...known].filter(([name]) => name.startsWith(callbackPrefix)).map(([name, sighting]) => [name.slice(callbackPrefix.length) as CallbackRefusalReason, sighting] as const)
  const quota = [...known].find(([name]) => name !== acceptedCallback && !name.startsWith(callbackPrefix))
  return { callbackRefusals: Object.fromEntries(refusals), phoneQuotaRefusal: quota?.[1] ?? null, lastCallbackAt: known.get(acceptedCallback)?.lastAt ?? null }
}

/** Collects what the diagnosis needs: three hosts and the own address are asked at once, then the database. */
async function collectFacts(services: DoctorServices): Promise<DoctorFacts> {
  const { env, db, now, wecom, wechat, mail, sms } = services
  const [corp, apps, echo, mailProbe, smsProbe] = await Promise.all([wecom.probe(), wechat.probe(), wecom.askOwnCallback(`${env.publicUrl}/callbacks/wecom`), mail?.probe() ?? null, sms?.probe() ?? null])
  const [stored] = await db.run<StoredFacts>(selectDoctorFacts, [now()])
  if (stored === undefined) throw new Error('one row of facts always comes')
  const { corpTagIds } = corp
  return {
    at: now().toISOString(),
    publicUrl: env.publicUrl,
    clockSkewMs: corp.clockSkewMs,
    wecomToken: corp.token,
    agent: corp.agent,
    followStaff: corp.followStaff,
    corpTags: corpTagIds?.outcome === 'ok' ? { outcome: 'ok', value: { tierTags: stored.tier_tag_ids.length, foreignTierTags: stored.tier_tag_ids.filter((id) => !corpTagIds.value.has(id)).length } } : corpTagIds,
    echo,
    ...(await sightingsOf(services)),
    wechatContacts: { total: stored.wechat_contacts, withUnionId: stored.contacts_with_union_id },
    miniProgramLogins: { total: stored.logins, withUnionId: stored.logins_with_union_id },
    miniProgramToken: apps.miniProgram,
    officialAccountToken: apps.officialAccount,
    mail: mailProbe,
    sms: smsProbe,
  }
}

/** Looks at every setting once and names what has to be changed (R21, R30). Takes as long as the slowest answer, some seconds. */
export async function examine(services: DoctorServices): Promise<{ readonly at: string; readonly findings: Finding[] }> {
  const facts = await collectFacts(services)
  return { at: facts.at, findings: diagnose(facts) }
}
