import { addTag, ensureGroup } from './corpTags.ts'
import { createRandom } from './random.ts'
import { pairKey, toSeconds } from './state.ts'
import type { WorldState } from './state.ts'

/** Relations that exist before the story begins; `p001` to `p100` follow nobody. */
const SEEDED_RELATIONS = 40
const FIRST_SEEDED_PERSON = 101
const DAY_MS = 86_400_000
const ADD_WAYS = [1, 2, 3, 4, 13, 24]

/** The console's own tag library: our app may mark these but not edit them [5]. */
const CONSOLE_TAGS: ReadonlyArray<readonly [group: string, tags: readonly string[]]> = [
  ['客户来源', ['门店', '线上商城', '朋友介绍']],
  ['关注品类', ['护肤', '彩妆', '母婴']],
]

/** Past relations and console tags; raises no event, because the callback address did not exist yet. */
export function seedRelations(state: WorldState): void {
  for (const [groupName, tagNames] of CONSOLE_TAGS) {
    const group = ensureGroup(state, groupName, 0, false)
    for (const name of tagNames) addTag(state, group, name, 0, false)
  }
  const random = createRandom(state.seed + 1)
  const tagIds = state.tagGroups.flatMap((group) => group.tags.map((tag) => tag.tagId))
  const reps = state.staff.filter((member) => member.hasContactRight)
  for (let index = 0; index < SEEDED_RELATIONS; index += 1) {
    const person = state.people[FIRST_SEEDED_PERSON - 1 + index]
    const member = reps[index % reps.length]
    if (!person || !member) continue
    const createdAt = toSeconds(state.clock.now() - Math.floor(random() * 300 + 1) * DAY_MS) * 1000
    const isTagged = random() < 0.5
    state.relations.set(pairKey(member.userId, person.personId), {
      staffUserId: member.userId,
      personId: person.personId,
      createdAt,
      addWay: ADD_WAYS[Math.floor(random() * ADD_WAYS.length)] as number,
      state: null,
      remark: person.name,
      description: '',
      remarkCompany: '',
      remarkMobiles: [],
      tagIds: isTagged ? [tagIds[Math.floor(random() * tagIds.length)] as string] : [],
      isDeletedByCustomer: false,
      isDeletedByMember: false,
    })
  }
}
