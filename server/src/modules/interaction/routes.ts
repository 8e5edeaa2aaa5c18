import { isPreview } from '@qihui/shared/channel'
import { channelTokenSchema } from '@qihui/shared/ids'
import {
  createDocument as createDocumentContract,
  listDocuments as listDocumentsContract,
  listStaffBehaviour as listStaffBehaviourContract,
  postInteraction as postInteractionContract,
  revokeDocument as revokeDocumentContract,
  shareDocument as shareDocumentContract,
} from '@qihui/shared/interaction'
import type Koa from 'koa'
import * as v from 'valibot'
import { memberCookie, staffCookie, type Authenticators, type MemberActor } from '../../http/actor.ts'
import { cookieValue } from '../../http/cookies.ts'
import { noticePage, noticePolicy } from '../../http/noticePage.ts'
import { rawRoute, route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { requireScope } from '../api-key/policy.ts'
import { createDocument, openDocument, postInteraction, revokeDocument, shareDocument } from './commands.ts'
import { listDocuments, listStaffBehaviour } from './queries.ts'

type InteractionServices = Pick<Services, 'db' | 'now' | 'env' | 'growthRules' | 'tierRules'>
type Sessions = Pick<Authenticators, 'member' | 'staff'>

/** The session the opening page carries: a cookie of the invite page, or the mini-program's own header. */
async function visitorOf(ctx: Koa.Context, sessions: Sessions): Promise<MemberActor | null> {
  const bearer = /^Bearer ([\w-]{43})$/.exec(ctx.get('authorization'))?.[1]
  const token = bearer ?? cookieValue(ctx.get('cookie'), memberCookie)
  return token === undefined ? null : sessions.member(token)
}

/** Employees look at what they send; that is nobody's interaction. */
async function isStaff(ctx: Koa.Context, sessions: Sessions): Promise<boolean> {
  const token = cookieValue(ctx.get('cookie'), staffCookie)
  return token !== undefined && (await sessions.staff(token)) !== null
}

/** `/d/:token`: counts the opening and leads on. Programs that only look, and employees, are led on uncounted. */
function documentRoute(services: InteractionServices, sessions: Sessions): Route {
  const { env } = services
  return rawRoute('GET', '/d/:token', async (ctx, params) => {
    const token = params['token']
    ctx.set('cache-control', 'no-store')
    ctx.set('referrer-policy', 'no-referrer')
    ctx.set('x-robots-tag', 'noindex, nofollow')
    const isCounted = ctx.method !== 'HEAD' && !isPreview(ctx.get('user-agent')) && !(await isStaff(ctx, sessions))
    const target = v.is(channelTokenSchema, token) ? await openDocument(services, token, { isCounted, visitor: isCounted ? await visitorOf(ctx, sessions) : null }) : null
    if (target !== null) return ctx.redirect(target)
    ctx.status = 404
    ctx.type = 'text/html; charset=utf-8'
    ctx.set('content-security-policy', noticePolicy)
    ctx.body = noticePage({ pageTitle: `资料 · ${env.brandName}`, title: '这份资料已下架', text: '链接可能不完整，或资料已停止提供。请联系发送给您的员工。', action: null })
  })
}

/** Tracked documents for employees and their readers, and interactions that other systems know of. */
export function interactionRoutes(services: InteractionServices, sessions: Sessions): Route[] {
  return [
    route(postInteractionContract, ({ actor, body }) => {
      requireScope(actor, 'interactions:write')
      return postInteraction(services, body)
    }),
    route(listDocumentsContract, ({ actor }) => listDocuments(services, actor)),
    route(createDocumentContract, ({ actor, body }) => createDocument(services, actor, body)),
    route(revokeDocumentContract, ({ actor, params }) => revokeDocument(services, actor, params.documentId)),
    route(shareDocumentContract, ({ actor, params }) => shareDocument(services, actor, params.documentId)),
    route(listStaffBehaviourContract, () => listStaffBehaviour(services)),
    documentRoute(services, sessions),
  ]
}
