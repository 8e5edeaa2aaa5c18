import { VendorRefusal } from '../vendor/VendorRefusal.ts'
import { readWire, tagGroupAddedWire, tagListWire } from './answers.wire.ts'
import type { WecomCaller } from './caller.ts'
import { wecomErrcode } from './refusals.ts'
import { toTagGroup } from './translate.ts'
import type { LibraryOutcome, Wecom } from './wecom.ts'

type Refused = Exclude<LibraryOutcome, 'done'>

/** Refusals that say something about the library; every other one is trouble of the connection. The number for tags of others varies. */
const libraryRefusals: Readonly<Record<number, Refused>> = {
  [wecomErrcode.unknownTag]: 'unknownTag',
  [wecomErrcode.tagNameTaken]: 'nameTaken',
  [wecomErrcode.tagCapReached]: 'full',
  [wecomErrcode.tagNotOwned]: 'notOurs',
  [wecomErrcode.notOwnApp]: 'notOurs',
}

async function refusedAs<T>(ask: () => Promise<T>): Promise<T | Refused> {
  try {
    return await ask()
  } catch (error) {
    const outcome = error instanceof VendorRefusal ? libraryRefusals[error.errcode] : undefined
    if (outcome === undefined) throw error
    return outcome
  }
}

function libraryCalls(caller: WecomCaller): Pick<Wecom, 'listCorpTags' | 'addCorpTags' | 'editCorpTag' | 'deleteCorpTags'> {
  const change = (path: string, body: object): Promise<LibraryOutcome> =>
    caller.translated(() =>
      refusedAs(async () => {
        await caller.ask({ method: 'POST', path, body })
        return 'done' as const
      }),
    )
  return {
    listCorpTags: () =>
      caller.translated(async () => {
        const path = '/cgi-bin/externalcontact/get_corp_tag_list'
        const wire = readWire(tagListWire, path, await caller.ask({ method: 'POST', path, body: {} }))
        return wire.tag_group.filter((group) => !group.deleted).map(toTagGroup)
      }),
    addCorpTags: (group, tagNames) =>
      caller.translated(() =>
        refusedAs(async () => {
          const path = '/cgi-bin/externalcontact/add_corp_tag'
          // Larger order stands first: the list keeps the order the names came in.
          const tag = tagNames.map((name, index) => ({ name, order: tagNames.length - index }))
          const body = { ...('id' in group ? { group_id: group.id } : { group_name: group.name }), tag }
          return toTagGroup(readWire(tagGroupAddedWire, path, await caller.ask({ method: 'POST', path, body })).tag_group)
        }),
      ),
    editCorpTag: ({ id, name, order }) => change('/cgi-bin/externalcontact/edit_corp_tag', { id, name, order }),
    deleteCorpTags: (ids) => change('/cgi-bin/externalcontact/del_corp_tag', 'groupId' in ids ? { group_id: [ids.groupId] } : { tag_id: ids.tagIds }),
  }
}

export function tagCalls(caller: WecomCaller): Pick<Wecom, 'listCorpTags' | 'addCorpTags' | 'editCorpTag' | 'deleteCorpTags' | 'markTags'> {
  return {
    ...libraryCalls(caller),
    markTags: ({ staffUserId, externalUserId, add, remove }) =>
      caller.translated(async () => {
        const path = '/cgi-bin/externalcontact/mark_tag'
        const body = { userid: staffUserId, external_userid: externalUserId, add_tag: add, remove_tag: remove }
        try {
          await caller.ask({ method: 'POST', path, body })
          return 'marked'
        } catch (error) {
          if (error instanceof VendorRefusal && error.errcode === wecomErrcode.noRelation) return 'notFollowing'
          if (error instanceof VendorRefusal && error.errcode === wecomErrcode.unknownTag) return 'unknownTag'
          throw error
        }
      }),
  }
}
