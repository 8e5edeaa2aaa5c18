import type { BodyOf } from '@qihui/shared/http'
import type { recordVisit as recordVisitContract } from '@qihui/shared/registration'
import type { MemberActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { insertVisit, selectVisit } from './draftTables.ts'

/** The first row of a channel's funnel for somebody in the mini-program (R102). The same visit once; an unknown channel is none. */
export async function recordVisit({ db, now }: Pick<Services, 'db' | 'now'>, actor: MemberActor, { channelToken, visitId }: BodyOf<typeof recordVisitContract>): Promise<boolean> {
  await db.run(insertVisit, [visitId, channelToken, actor.namespace, actor.openId, now()])
  return (await db.run(selectVisit, [visitId, channelToken, actor.namespace, actor.openId])).length > 0
}
