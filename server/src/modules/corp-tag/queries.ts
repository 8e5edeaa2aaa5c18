import type { listCorpTags as listCorpTagsContract } from '@qihui/shared/corp-tag'
import type { ResponseOf } from '@qihui/shared/http'
import type { Services } from '../../services.ts'
import { selectLibrary } from './tables.ts'

type Library = ResponseOf<typeof listCorpTagsContract>

/** The tag library as a rep chooses from it, from our copy. */
export async function listCorpTags({ db }: Pick<Services, 'db'>): Promise<Library> {
  const rows = await db.run<{ group_id: string; name: string; tags: Library['groups'][number]['tags'] }>(selectLibrary, [])
  return { groups: rows.map((row) => ({ groupId: row.group_id, name: row.name, tags: row.tags })) }
}
