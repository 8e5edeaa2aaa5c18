import type { SidebarContact } from '@qihui/shared/contact'
import { AppError } from '@qihui/shared/errors'
import { newId } from '../../security/newId.ts'
import type { StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { cardSightOf, fieldSightOf, standings } from './policy.ts'
import { presentNotMirrored, presentSidebarContact, type SidebarRow } from './present.ts'
import { readForms } from './readForms.ts'
import { selectSidebarContacts } from './tables.ts'

/**
 * The sidebar's card, from the mirror alone: one statement, which writes the audit row before anything is shown (R15, R17, R59, R61).
 * Who does not serve the contact reads it as far as their grants reach.
 * @throws AppError `contact.notFollowing` when no right of the viewer reaches this contact; that is audited too.
 */
export async function getSidebarContact(
  services: Pick<Services, 'db' | 'now' | 'cipher' | 'forms' | 'tierRules'>,
  actor: StaffActor,
  externalUserId: string,
  requestId: string,
): Promise<SidebarContact> {
  const rights = actor.rights
  const { auditFields, farthest } = cardSightOf(rights)
  const { departmentIds, departmentTreeIds } = rights.facts
  const run = {
    external_user_id: externalUserId, viewer: actor.staffUserId, audit_id: newId(), at: services.now(), request_id: requestId,
    shown_fields: auditFields, departments: departmentIds, department_tree: departmentTreeIds, farthest,
  }
  const [row] = await services.db.runInSet<SidebarRow & { readonly outcome: 'shown' | 'refused' | 'absent' }>(selectSidebarContacts, run)
  if (row === undefined || row.outcome === 'absent') return presentNotMirrored()
  if (row.outcome === 'refused') throw new AppError('contact.notFollowing')
  const relation = standings[row.card.standing]
  const [forms, tierRules] = await Promise.all([readForms(services, row.card.answers), services.tierRules.at(services.now())])
  const viewer = { staffUserId: actor.staffUserId, relation, sight: fieldSightOf(rights, relation), forms, tierRules }
  return presentSidebarContact(services.cipher, row, viewer)
}
