import { AppError } from '@qihui/shared/errors'
import type { ResponseOf } from '@qihui/shared/http'
import type { listDocuments as listDocumentsContract, listStaffBehaviour as listStaffBehaviourContract, TrackedDocument } from '@qihui/shared/interaction'
import { addDays, localDateOf } from '@qihui/shared/tier'
import type { StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { selectBehaviour, selectDocument, selectDocuments } from './tables.ts'

interface DocumentRow {
  readonly document_id: string
  readonly title: string
  readonly target_url: string
  readonly created_by: string
  readonly created_at: Date
  readonly revoked_at: Date | null
  readonly token: string | null
  readonly sharers: number
  readonly opened: number
  readonly by_members: number
  readonly members: number
  readonly growth: number
}

function presentDocument(publicUrl: string, row: DocumentRow): TrackedDocument {
  return {
    documentId: row.document_id, title: row.title, targetUrl: row.target_url, createdBy: row.created_by, createdAt: row.created_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null, url: row.token === null ? null : `${publicUrl}/d/${row.token}`, sharers: row.sharers,
    opened: row.opened, openedByMembers: row.by_members, members: row.members, growth: row.growth,
  }
}

/** The newest 200 documents with what became of their links, and where new ones may lead. */
export async function listDocuments({ db, env }: Pick<Services, 'db' | 'env'>, actor: StaffActor): Promise<ResponseOf<typeof listDocumentsContract>> {
  const rows = await db.run<DocumentRow>(selectDocuments, [actor.staffUserId])
  return { documents: rows.map((row) => presentDocument(env.publicUrl, row)), hosts: [...env.documentHosts] }
}

/** @throws AppError `request.notFound` */
export async function getDocument({ db, env }: Pick<Services, 'db' | 'env'>, actor: StaffActor, documentId: string): Promise<TrackedDocument> {
  const [row] = await db.run<DocumentRow>(selectDocument, [actor.staffUserId, documentId])
  if (row === undefined) throw new AppError('request.notFound')
  return presentDocument(env.publicUrl, row)
}

interface BehaviourRow {
  readonly staff_user_id: string
  readonly name: string
  readonly chats: number
  readonly messages: number
  readonly reply_share: number | null
  readonly reply_minutes: number | null
  readonly new_applications: number
  readonly new_contacts: number
  readonly lost_contacts: number
  readonly until: string
}

/** WeCom's figures of employees, the last 30 days together (R46). They say nothing of any customer. */
export async function listStaffBehaviour({ db, now }: Pick<Services, 'db' | 'now'>): Promise<ResponseOf<typeof listStaffBehaviourContract>> {
  const rows = await db.run<BehaviourRow>(selectBehaviour, [addDays(localDateOf(now().toISOString()), -30)])
  const staff = rows.map((row) => ({
    staffUserId: row.staff_user_id, name: row.name, chats: row.chats, messages: row.messages, replyPercent: row.reply_share === null ? null : row.reply_share / 100,
    replyMinutes: row.reply_minutes, newApplications: row.new_applications, newContacts: row.new_contacts, lostContacts: row.lost_contacts,
  }))
  return { staff, until: rows.reduce<string | null>((latest, { until }) => (latest === null || until > latest ? until : latest), null) }
}
