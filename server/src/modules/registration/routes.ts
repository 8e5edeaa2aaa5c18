import { registerMember as registerMemberContract } from '@qihui/shared/member'
import { getRegistrationEntry } from '@qihui/shared/registration'
import { requestHashOf } from '../../http/idempotency.ts'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { presentEntry, type EntryChannelRow } from './present.ts'
import { registrationDoor } from './registrationDoor.ts'
import { selectEntryChannel } from './tables.ts'

export function registrationRoutes(services: Pick<Services, 'db' | 'now' | 'cipher' | 'env' | 'wechat'>): Route[] {
  const register = registrationDoor(services)
  return [
    route(getRegistrationEntry, async ({ query }) => {
      const [channel] = query.scene ? await services.db.run<EntryChannelRow>(selectEntryChannel, [query.scene]) : []
      return presentEntry(services.env.brandName, channel ?? null, services.now())
    }),
    route(
      registerMemberContract,
      ({ actor, body, idempotencyKey }) => register(actor, body, { scope: `register:${actor.openId}`, key: idempotencyKey, requestHash: requestHashOf([body]) }),
      { idempotency: 'command' },
    ),
  ]
}
