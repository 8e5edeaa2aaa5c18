import type { IncomingHttpHeaders } from 'node:http'
import {
  createInviteUrlLink,
  getInvite,
  getInviteJssdkSignature,
  getInviteVisitor,
  isPreview,
  placeOf,
  recordInviteVisit as recordInviteVisitContract,
  type InvitePlace,
} from '@qihui/shared/channel'
import { AppError } from '@qihui/shared/errors'
import type { ResponseOf } from '@qihui/shared/http'
import { memberCookie, staffCookie, type MemberActor, type StaffActor } from '../../../http/actor.ts'
import { cookieValue } from '../../../http/cookies.ts'
import { route, type Route } from '../../../http/route.ts'
import type { Services } from '../../../services.ts'
import { ownPageAddress, signPage } from '../../jssdk/signPage.ts'
import { findMemberSelf } from '../../member/queries.ts'
import { recordInviteVisit } from '../commands.ts'
import { shareTextOf } from '../invitation.ts'
import { presentInvite } from '../invitePresent.ts'
import { managesAll } from '../policy.ts'
import { inviteUrlOf, opennessOfRow } from '../present.ts'
import { readFunnel, requireInviteChannel, type InviteChannelRow } from '../queries.ts'
import { createUrlLinks } from '../urlLinks.ts'
import type { PageSessions } from './pageSessions.ts'

type InviteServices = Pick<Services, 'env' | 'db' | 'now' | 'cipher' | 'wechat' | 'forms' | 'policies' | 'growthRules' | 'tierRules'>
type Visitor = ResponseOf<typeof getInviteVisitor>

/** Which sessions count in which place: one browser may hold several, from other pages of ours. */
const guestNamespaces: Readonly<Partial<Record<InvitePlace, string>>> = { wechat: 'oa-openid@', wecom: 'corp-openid@' }

interface Present {
  readonly staff: StaffActor | null
  readonly guest: MemberActor | null
}

/** Who looks at the page, by the sessions this browser carries. The page asks for neither. */
async function presentAt(place: InvitePlace, headers: IncomingHttpHeaders, sessions: PageSessions): Promise<Present> {
  const staffToken = place === 'wecom' ? cookieValue(headers.cookie, staffCookie) : undefined
  const staff = staffToken === undefined ? null : await sessions.staff.authenticate(staffToken)
  const namespace = guestNamespaces[place]
  const memberToken = cookieValue(headers.cookie, memberCookie)
  if (staff !== null || namespace === undefined || memberToken === undefined) return { staff, guest: null }
  const guest = await sessions.members.authenticate(memberToken)
  return { staff: null, guest: guest?.namespace.startsWith(namespace) === true ? guest : null }
}

async function presentVisitor(services: InviteServices, row: InviteChannelRow, { staff, guest }: Present): Promise<Visitor> {
  if (staff !== null) {
    const isOwner = row.staff_user_id === staff.staffUserId || row.created_by === staff.staffUserId
    const funnel = isOwner || managesAll(staff, 'read') ? (await readFunnel(services, row.channel_id)).steps : null
    const shareText = shareTextOf(services.env.brandName, inviteUrlOf(services.env.publicUrl, row.token))
    return { kind: 'staff', staff: { name: staff.name, isOwner, funnel, shareText }, guest: null }
  }
  if (guest === null) return { kind: 'nobody', staff: null, guest: null }
  const member = await findMemberSelf(services, guest)
  return { kind: 'guest', staff: null, guest: { memberNo: member?.memberNo ?? null, adviserName: member?.adviser?.name ?? row.staff_name } }
}

const placeIn = (headers: IncomingHttpHeaders): InvitePlace => placeOf(headers['user-agent'] ?? '')

/** What the invite page asks of the server. All of it is public; what is personal comes from the sessions the browser carries. */
export function inviteRoutes(services: InviteServices, sessions: PageSessions): Route[] {
  const { env, now, forms, policies, growthRules, tierRules, wechat } = services
  const urlLinkOf = createUrlLinks(services)
  const publicOrigin = new URL(env.publicUrl).origin
  return [
    route(getInvite, async ({ params, headers }) => {
      const at = now()
      const row = await requireInviteChannel(services, params.token)
      const [form, policy, { registration }, rules] = await Promise.all([forms.inForce(row.form_key, at), policies.inForce(at), growthRules.at(at), tierRules.at(at)])
      return presentInvite({ env, place: placeIn(headers), row, form, policy, registrationGrowth: registration, tierRules: rules, at })
    }),
    route(getInviteVisitor, async ({ params, headers }) => {
      const row = await requireInviteChannel(services, params.token)
      return presentVisitor(services, row, await presentAt(placeIn(headers), headers, sessions))
    }),
    route(recordInviteVisitContract, async ({ params, body, headers }) => {
      if (isPreview(headers['user-agent'] ?? '')) return { isRecorded: false }
      const place = placeIn(headers)
      const { staff, guest } = await presentAt(place, headers, sessions)
      if (staff !== null) return { isRecorded: false }
      return { isRecorded: await recordInviteVisit(services, { ...body, ...params, place, visitor: guest }) }
    }),
    route(createInviteUrlLink, async ({ params }) => {
      const row = await requireInviteChannel(services, params.token)
      if (opennessOfRow(row, now()) !== 'open') throw new AppError('invite.closed')
      const { url, expiresAt } = await urlLinkOf(row)
      return { url, expiresAt: expiresAt.toISOString() }
    }),
    route(getInviteJssdkSignature, async ({ params, query }) => {
      await requireInviteChannel(services, params.token)
      const address = ownPageAddress(query.url, publicOrigin)
      const { ticket } = await wechat.getOfficialAccountTicket()
      return { appId: env.wechat.oaAppId, ...signPage(address, ticket, now()) }
    }),
  ]
}
