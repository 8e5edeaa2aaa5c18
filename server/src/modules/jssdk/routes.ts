import { getAgentConfigSignature, getConfigSignature } from '@qihui/shared/staff'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { ownPageAddress, signPage } from './signPage.ts'

/** Signatures for both identities of the JSSDK; the edge keeps the tickets in memory and the ticket never leaves the server (R19). */
export function jssdkRoutes({ env, now, wecom }: Pick<Services, 'env' | 'now' | 'wecom'>): Route[] {
  const publicOrigin = new URL(env.publicUrl).origin
  return [
    route(getConfigSignature, async ({ query }) => {
      const address = ownPageAddress(query.url, publicOrigin)
      return signPage(address, (await wecom.getCorpTicket()).ticket, now())
    }),
    route(getAgentConfigSignature, async ({ query }) => {
      const address = ownPageAddress(query.url, publicOrigin)
      return signPage(address, (await wecom.getAgentTicket()).ticket, now())
    }),
  ]
}
