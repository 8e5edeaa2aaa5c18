import { checkForm, listForms as listFormsContract, publishForm as publishFormContract } from '@qihui/shared/form'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { publishForm } from './commands.ts'
import { listForms, reviewForm } from './queries.ts'

export function formRoutes(services: Pick<Services, 'db' | 'now' | 'forms'>): Route[] {
  return [
    route(listFormsContract, async () => ({ forms: await listForms(services) })),
    route(checkForm, ({ params, body }) => reviewForm(services, params.formKey, body.definition)),
    route(publishFormContract, ({ actor, params, body }) => publishForm(services, actor, { ...body, formKey: params.formKey })),
  ]
}
