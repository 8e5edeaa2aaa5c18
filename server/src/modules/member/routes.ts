import { AppError } from '@qihui/shared/errors'
import { getMemberCode, getMemberSelf, openMemberSession, readMemberCode } from '@qihui/shared/member'
import QRCode from 'qrcode'
import type { MemberActor } from '../../http/actor.ts'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { requireScope } from '../api-key/policy.ts'
import { createMemberCodes } from './memberCode.ts'
import { findMemberSelf } from './queries.ts'
import type { MemberSessions } from './sessions.ts'

export function memberRoutes(services: Pick<Services, 'db' | 'now' | 'cipher' | 'env' | 'tierRules'>, sessions: MemberSessions): Route[] {
  const codes = createMemberCodes(services.env.indexKey)
  const self = async (actor: MemberActor) => {
    const member = await findMemberSelf(services, actor)
    if (member === null) throw new AppError('member.notFound')
    return member
  }
  return [
    route(openMemberSession, ({ body }) => sessions.open(body.code)),
    route(getMemberSelf, ({ actor }) => self(actor)),
    route(getMemberCode, async ({ actor }) => {
      const { code, expiresAt } = codes.issue((await self(actor)).memberNo, services.now())
      return { code, imageDataUrl: await QRCode.toDataURL(code, { margin: 1, width: 360, errorCorrectionLevel: 'M' }), expiresAt: expiresAt.toISOString() }
    }),
    route(readMemberCode, async ({ actor, body }) => {
      requireScope(actor, 'memberCodes:read')
      const memberNo = codes.read(body.code, services.now())
      if (memberNo === null) throw new AppError('member.notFound', '会员码无效或已过期，请让顾客刷新后再扫')
      return { memberNo }
    }),
  ]
}
