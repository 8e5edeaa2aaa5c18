import { AppError } from '@qihui/shared/errors'
import type { ResponseOf } from '@qihui/shared/http'
import type { listDocuments as listDocumentsContract, TrackedDocument } from '@qihui/shared/interaction'
import type { StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { selectDocument, selectDocuments } from './tables.ts'

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
