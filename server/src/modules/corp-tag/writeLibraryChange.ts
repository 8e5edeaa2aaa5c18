import type { CorpTagChange } from '@qihui/shared/corp-tag'
import { AppError } from '@qihui/shared/errors'
import type { Services } from '../../services.ts'
import { finishLibraryChange } from './commands/finishLibraryChange.ts'
import { writeTagLibrary } from './jobs.ts'
import { copyLibrary } from './ownTags.ts'
import { selectLibraryChange, selectTagOrder } from './tables.ts'

type WritingServices = Pick<Services, 'db' | 'now' | 'wecom' | 'log'>

/** What came of a change: what was made, and why it was refused. */
interface Written {
  readonly madeIds: readonly string[]
  readonly failure: string | null
  readonly isNotOurs?: boolean
}

const failures = {
  unknownTag: '标签或标签组已在企业微信中被删除',
  nameTaken: '企业微信中已有同名的标签或标签组',
  notOurs: '不是本应用创建的，请在企业微信管理后台修改',
  full: '企业标签数量已达上限',
} as const

const written = (outcome: 'done' | keyof typeof failures): Written => ({ madeIds: [], failure: outcome === 'done' ? null : failures[outcome], isNotOurs: outcome === 'notOurs' })

/** A run before this one may have made the tags and died: then the names are taken by us. */
async function madeBefore({ wecom }: WritingServices, change: Extract<CorpTagChange, { readonly tagNames: readonly string[] }>): Promise<Written> {
  const library = await wecom.listCorpTags()
  const group = library.find((each) => (change.kind === 'createTags' ? each.groupId === change.groupId : each.name === change.name))
  const tags = group?.tags.filter(({ name }) => change.tagNames.includes(name)) ?? []
  if (group === undefined || tags.length < change.tagNames.length) return written('nameTaken')
  return { madeIds: [...(change.kind === 'createGroup' ? [group.groupId] : []), ...tags.map(({ tagId }) => tagId)], failure: null }
}

async function create(services: WritingServices, change: Extract<CorpTagChange, { readonly tagNames: readonly string[] }>, attempt: number): Promise<Written> {
  const made = await services.wecom.addCorpTags(change.kind === 'createTags' ? { id: change.groupId } : { name: change.name }, change.tagNames)
  if (made === 'nameTaken' && attempt > 0) return madeBefore(services, change)
  if (typeof made === 'string') return written(made)
  return { madeIds: [...(change.kind === 'createGroup' ? [made.groupId] : []), ...made.tags.map(({ tagId }) => tagId)], failure: null }
}

async function reorder({ db, wecom }: WritingServices, tagIds: readonly string[]): Promise<Written> {
  const orders = new Map((await db.run<{ tag_id: string; sort_order: string }>(selectTagOrder, [tagIds])).map((row) => [row.tag_id, Number(row.sort_order)]))
  for (const [index, id] of tagIds.entries()) {
    const order = tagIds.length - index
    const outcome = orders.get(id) === order ? 'done' : await wecom.editCorpTag({ id, order })
    if (outcome !== 'done') return written(outcome)
  }
  return written('done')
}

async function remove({ db, wecom }: WritingServices, id: string): Promise<Written> {
  const isTag = (await db.run(selectTagOrder, [[id]])).length > 0
  const outcome = await wecom.deleteCorpTags(isTag ? { tagIds: [id] } : { groupId: id })
  // What is gone already is deleted.
  return written(outcome === 'unknownTag' ? 'done' : outcome)
}

async function perform(services: WritingServices, change: CorpTagChange, attempt: number): Promise<Written> {
  switch (change.kind) {
    case 'createGroup':
    case 'createTags':
      return create(services, change, attempt)
    case 'rename':
      return written(await services.wecom.editCorpTag({ id: change.id, name: change.name }))
    case 'reorder':
      return reorder(services, change.tagIds)
    case 'delete':
      return remove(services, change.id)
  }
}

/**
 * Writes one change of the library to WeCom, copies the library again and remembers how it ended. Runs twice without harm.
 * @param attempt the run of the job; after the last one the change counts as failed
 */
export async function writeLibraryChange(services: WritingServices, changeId: string, attempt: number): Promise<void> {
  const [row] = await services.db.run<{ change: CorpTagChange }>(selectLibraryChange, [changeId])
  if (row === undefined) return
  try {
    const { madeIds, failure, isNotOurs } = await perform(services, row.change, attempt)
    await copyLibrary(services, madeIds)
    await finishLibraryChange(services, { changeId, failure, ...(isNotOurs && 'id' in row.change ? { notOursId: row.change.id } : {}) })
  } catch (error) {
    if (attempt >= writeTagLibrary.retryLimit) {
      await finishLibraryChange(services, { changeId, failure: (error instanceof AppError ? error.detail : undefined) ?? '企业微信暂时没有正常应答，请稍后重试' })
    }
    throw error
  }
}
