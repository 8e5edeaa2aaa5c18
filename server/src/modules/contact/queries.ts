import type { SidebarContact } from '@qihui/shared/contact'
import { AppError } from '@qihui/shared/errors'
import { newId } from '../../security/newId.ts'
import type { StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { contactFieldKeys, memberFieldKeys, presentNotMirrored, presentSidebarContact, type SidebarRow } from './present.ts'
import { selectSidebarContact } from './tables.ts'

/**
 * The sidebar's card, from the mirror alone: one statement, which writes the audit row before anything is shown (R15, R17, R61).
 * @throws AppError `contact.notFollowing` when the viewer does not serve this contact; that is audited too.
 */
export async function getSidebarContact(
  { db, now, cipher }: Pick<Services, 'db' | 'now' | 'cipher'>,
  actor: StaffActor,
  externalUserId: string,
  requestId: string,
): Promise<SidebarContact> {
  const values = [externalUserId, actor.staffUserId, newId(), now().toISOString(), requestId, contactFieldKeys, memberFieldKeys]
  const [row] = await db.runTogether<SidebarRow & { readonly outcome: 'shown' | 'refused' | 'absent' }>(selectSidebarContact, values)
  if (row === undefined || row.outcome === 'absent') return presentNotMirrored()
  if (row.outcome === 'refused') throw new AppError('contact.notFollowing')
  return presentSidebarContact(cipher, row, actor.staffUserId)
}
