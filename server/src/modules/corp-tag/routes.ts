import { changeContactTags as changeContactTagsContract, listCorpTags as listCorpTagsContract } from '@qihui/shared/corp-tag'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { changeContactTags } from './commands.ts'
import { listCorpTags } from './queries.ts'

export function corpTagRoutes(services: Pick<Services, 'db' | 'now'>): Route[] {
  return [
    route(listCorpTagsContract, () => listCorpTags(services)),
    route(changeContactTagsContract, async ({ actor, params, body }) => ({
      corpTags: await changeContactTags(services, actor, { externalUserId: params.externalUserId, ...body }),
    })),
  ]
}
