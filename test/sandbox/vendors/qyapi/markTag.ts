import { findTag } from '../../world/corpTags.ts'
import { changeTags } from '../../world/relations.ts'
import { requiredString, stringList } from '../readBody.ts'
import { VendorError } from '../endpoint.ts'
import { requireCustomer, withPair } from './pair.ts'
import type { Endpoint } from '../endpoint.ts'

/** At most 3000 tags per member and customer [5]. */
const MAX_TAGS_PER_PAIR = 3_000

/** Marks one (member, customer) pair, not the customer everywhere; raises no callback [5, 7.1]. */
export const markTagEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/cgi-bin/externalcontact/mark_tag',
    meaning: '给客户打标签',
    token: 'access',
    needsContactApi: true,
    effectKey: (call) => [requiredString(call, 'userid'), requiredString(call, 'external_userid'), `+${stringList(call, 'add_tag').join()}`, `-${stringList(call, 'remove_tag').join()}`].join(' '),
    async handle(call) {
      const { relation } = requireCustomer(call)
      const add = stringList(call, 'add_tag')
      const remove = stringList(call, 'remove_tag')
      if (add.length + remove.length === 0) throw new VendorError(40063, 'add_tag and remove_tag are both empty')
      if ([...add, ...remove].some((tagId) => !findTag(call.state, tagId))) throw new VendorError(40068, 'invalid tagid')
      return withPair(call, relation, () => {
        const tagIds = changeTags(relation.tagIds, add, remove)
        if (tagIds.length > MAX_TAGS_PER_PAIR) throw new VendorError(call.state.settings.switches.codes.corpTagCap, 'too many tags on the customer')
        relation.tagIds = tagIds
        return {}
      })
    },
  },
]
