import {
  changeContactTags as changeContactTagsContract,
  changeTagLibrary as changeTagLibraryContract,
  getTagLibrary as getTagLibraryContract,
  getTagReview as getTagReviewContract,
  listCorpTags as listCorpTagsContract,
  refreshTagLibrary as refreshTagLibraryContract,
  startTagReview as startTagReviewContract,
} from '@qihui/shared/corp-tag'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { askLibraryChange } from './commands/askLibraryChange.ts'
import { askTagRun } from './commands/askTagRun.ts'
import { changeContactTags } from './commands/changeContactTags.ts'
import { getTagLibrary, getTagReview, listCorpTags } from './queries.ts'

export function corpTagRoutes(services: Pick<Services, 'db' | 'now' | 'cipher'>): Route[] {
  return [
    route(listCorpTagsContract, () => listCorpTags(services)),
    route(changeContactTagsContract, async ({ actor, params, body }) => ({
      corpTags: await changeContactTags(services, actor, { externalUserId: params.externalUserId, ...body }),
    })),
    route(getTagLibraryContract, () => getTagLibrary(services)),
    route(changeTagLibraryContract, ({ actor, body }) => askLibraryChange(services, actor, body)),
    route(refreshTagLibraryContract, ({ actor }) => askTagRun(services, actor, 'libraryRefresh')),
    route(getTagReviewContract, () => getTagReview(services)),
    route(startTagReviewContract, ({ actor }) => askTagRun(services, actor, 'tierReview')),
  ]
}
