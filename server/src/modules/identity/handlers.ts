import type { Identifier } from '@qihui/shared/identity'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import { linkPerson } from './commands.ts'
import { linkIdentity } from './jobs.ts'

export function identityHandlers(services: Pick<Services, 'db' | 'now' | 'env'>): JobHandler[] {
  return [handle(linkIdentity, ({ personId, seenTogether }) => linkPerson(services, personId, seenTogether as Identifier[] | undefined))]
}
