import { policyAt } from '@qihui/shared/consent'
import { formAt } from '@qihui/shared/form'
import { registrationGrowth } from '@qihui/shared/growth'
import { memberFields, registerMember as registerMemberContract } from '@qihui/shared/member'
import { getRegistrationEntry } from '@qihui/shared/registration'
import { tiers } from '@qihui/shared/tier'
import { requestHashOf } from '../../http/idempotency.ts'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { registrationDoor } from './registrationDoor.ts'
import { selectEntryChannel } from './tables.ts'

interface EntryChannelRow {
  readonly token: string
  readonly name: string
  readonly store_name: string | null
  readonly staff_name: string | null
}

export function registrationRoutes(services: Pick<Services, 'db' | 'now' | 'cipher' | 'env' | 'wechat'>): Route[] {
  const register = registrationDoor(services)
  return [
    route(getRegistrationEntry, async ({ query }) => {
      const at = services.now()
      const [channel] = query.scene ? await services.db.run<EntryChannelRow>(selectEntryChannel, [query.scene]) : []
      const policy = policyAt(at)
      const form = formAt(at)
      return {
        brandName: services.env.brandName,
        channel: channel ? { token: channel.token, name: channel.name, storeName: channel.store_name, staffName: channel.staff_name } : null,
        tiers: tiers.map(({ code, name, minGrowth, benefits }) => ({ code, name, minGrowth, benefits: [...benefits] })),
        registrationGrowth,
        policy: { version: policy.version, title: policy.title, summary: [...policy.summary] },
        form: { version: form.version, fields: form.fields.map((key) => ({ key, label: memberFields[key].label, purpose: memberFields[key].purpose })) },
      }
    }),
    route(
      registerMemberContract,
      ({ actor, body, idempotencyKey }) => register(actor, body, { scope: `register:${actor.openId}`, key: idempotencyKey, requestHash: requestHashOf([body]) }),
      { idempotency: 'command' },
    ),
  ]
}
