import { sendInvite as sendInviteContract } from '@qihui/shared/channel'
import { listDeliveries as listDeliveriesContract } from '@qihui/shared/delivery'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { requireManagedChannel } from '../channel/queries.ts'
import { sendInvite } from './commands.ts'
import { listDeliveries } from './queries.ts'

/** Messages of employees: an invite link by SMS and e-mail, and what became of it. */
export function deliveryRoutes(services: Pick<Services, 'env' | 'db' | 'now' | 'cipher' | 'policies' | 'mail' | 'sms'>): Route[] {
  return [
    route(sendInviteContract, async ({ actor, params, body }) => sendInvite(services, actor, await requireManagedChannel(services, actor, params.channelId), body.recipients)),
    route(listDeliveriesContract, async () => ({ deliveries: await listDeliveries(services) })),
  ]
}
