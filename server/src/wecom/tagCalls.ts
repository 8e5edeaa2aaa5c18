import { VendorRefusal } from '../vendor/VendorRefusal.ts'
import { readWire, tagGroupAddedWire, tagListWire } from './answers.wire.ts'
import type { WecomCaller } from './caller.ts'
import { wecomErrcode } from './refusals.ts'
import { toTagGroup } from './translate.ts'
import type { Wecom } from './wecom.ts'

export function tagCalls(caller: WecomCaller): Pick<Wecom, 'listCorpTags' | 'addCorpTags' | 'markTags'> {
  return {
    listCorpTags: () =>
      caller.translated(async () => {
        const path = '/cgi-bin/externalcontact/get_corp_tag_list'
        const wire = readWire(tagListWire, path, await caller.ask({ method: 'POST', path, body: {} }))
        return wire.tag_group.filter((group) => !group.deleted).map(toTagGroup)
      }),
    addCorpTags: (groupName, tagNames) =>
      caller.translated(async () => {
        const path = '/cgi-bin/externalcontact/add_corp_tag'
        // Larger order stands first: the list keeps the order the names came in.
        const tag = tagNames.map((name, index) => ({ name, order: tagNames.length - index }))
        return toTagGroup(readWire(tagGroupAddedWire, path, await caller.ask({ method: 'POST', path, body: { group_name: groupName, tag } })).tag_group)
      }),
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
