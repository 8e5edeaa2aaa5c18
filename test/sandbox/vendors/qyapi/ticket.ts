import { VendorError } from '../endpoint.ts'
import type { Endpoint, VendorAnswer, VendorCall } from '../endpoint.ts'

/** Both tickets live 7200 s [2.1]. */
const TICKET_TTL_MS = 7_200_000

function giveTicket(call: VendorCall, kind: 'corp' | 'agent'): VendorAnswer {
  const { tickets, clock } = call.state
  const now = clock.now()
  const current = tickets.find((ticket) => ticket.kind === kind && ticket.expiresAt > now)
  const ticket = current ?? { ticket: `sim-tk-${call.state.nextId(`ticket:${kind}`, 60)}`, kind, expiresAt: now + TICKET_TTL_MS }
  if (!current) tickets.push(ticket)
  return { ticket: ticket.ticket, expires_in: Math.ceil((ticket.expiresAt - now) / 1000) }
}

export const ticketEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/cgi-bin/get_jsapi_ticket',
    meaning: '换取企业身份的 JSSDK 票据',
    token: 'access',
    empty: { ticket: '', expires_in: 0 },
    handle: (call) => giveTicket(call, 'corp'),
  },
  {
    method: 'GET',
    path: '/cgi-bin/ticket/get',
    meaning: '换取应用身份的 JSSDK 票据',
    token: 'access',
    empty: { ticket: '', expires_in: 0 },
    handle(call) {
      if (call.query['type'] !== 'agent_config') throw new VendorError(91040, 'invalid ticket type')
      return giveTicket(call, 'agent')
    },
  },
]
