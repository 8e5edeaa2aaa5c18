import { getDraft as getDraftContract, saveDraft as saveDraftContract, defaultFormKey } from '@qihui/shared/form'
import { addMemberByIntegration as addMemberByIntegrationContract, addMemberByStaff as addMemberByStaffContract, registerMember as registerMemberContract } from '@qihui/shared/member'
import { getRegistrationEntry, recordVisit as recordVisitContract } from '@qihui/shared/registration'
import { requestHashOf } from '../../http/idempotency.ts'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { requireScope } from '../api-key/policy.ts'
import { getDraft, saveDraft } from './drafts.ts'
import { addMemberByIntegration } from './integrationDoor.ts'
import { presentEntry, type EntryChannelRow } from './present.ts'
import { registrationDoor } from './registrationDoor.ts'
import { enterMemberByStaff } from './staffDoor.ts'
import { selectEntryChannel } from './tables.ts'
import { recordVisit } from './visits.ts'

type RegistrationServices = Pick<Services, 'db' | 'now' | 'cipher' | 'env' | 'wechat' | 'sms' | 'log' | 'forms' | 'policies' | 'growthRules' | 'tierRules'>

async function getEntry({ db, env, now, forms, policies, growthRules, tierRules }: RegistrationServices, scene: string | undefined) {
  const at = now()
  const [channel] = scene ? await db.run<EntryChannelRow>(selectEntryChannel, [scene]) : []
  const inForce = {
    policy: await policies.inForce(at),
    form: await forms.inForce(channel?.form_key ?? defaultFormKey, at),
    registrationGrowth: (await growthRules.at(at)).registration,
    tierRules: await tierRules.at(at),
  }
  return presentEntry(env.brandName, channel ?? null, inForce, at)
}

export function registrationRoutes(services: RegistrationServices): Route[] {
  const register = registrationDoor(services)
  return [
    route(getRegistrationEntry, ({ query }) => getEntry(services, query.scene)),
    route(saveDraftContract, ({ actor, body }) => saveDraft(services, actor, body)),
    route(getDraftContract, ({ actor }) => getDraft(services, actor)),
    route(recordVisitContract, async ({ actor, body }) => ({ isRecorded: await recordVisit(services, actor, body) })),
    route(
      registerMemberContract,
      ({ actor, body, idempotencyKey, ip, headers }) => {
        const call = { scope: `register:${actor.namespace}:${actor.openId}`, key: idempotencyKey, requestHash: requestHashOf([body]) }
        return register({ actor, body, call, ip, userAgent: headers['user-agent'] ?? '' })
      },
      { idempotency: 'command' },
    ),
    route(addMemberByStaffContract, ({ actor, params, body, idempotencyKey }) => {
      const call = { scope: `register:staff:${actor.staffUserId}`, key: idempotencyKey, requestHash: requestHashOf([params, body]) }
      return enterMemberByStaff(services, actor, params.externalUserId, body, call)
    }),
    route(addMemberByIntegrationContract, ({ actor, body, idempotencyKey }) => {
      requireScope(actor, 'members:write')
      const call = { scope: `register:integration:${actor.keyId}`, key: idempotencyKey, requestHash: requestHashOf([body]) }
      return addMemberByIntegration(services, actor, body, call)
    }),
  ]
}
