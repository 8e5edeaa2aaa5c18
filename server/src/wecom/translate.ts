import type { ContactOfStaff, CorpTagGroup, ExternalContact, FollowUser } from './wecom.ts'
import type { ContactWire, FollowInfoWire, FollowUserWire, TagGroupWire } from './answers.wire.ts'

/** Corp tags; 2 is personal and 3 a strategy tag (platform 4.2). */
const corpTagType = 1

function emptyToNull(value: string): string | null {
  return value === '' ? null : value
}

export function toContact(wire: ContactWire): ExternalContact {
  return {
    externalUserId: wire.external_userid,
    name: wire.name,
    type: wire.type,
    avatarUrl: emptyToNull(wire.avatar),
    corpName: emptyToNull(wire.corp_name) ?? emptyToNull(wire.corp_full_name),
    unionId: emptyToNull(wire.unionid),
  }
}

function toFollowUser(wire: FollowUserWire | FollowInfoWire, tagIds: readonly string[]): FollowUser {
  return {
    staffUserId: wire.userid,
    remark: wire.remark,
    addedAt: new Date(wire.createtime * 1000),
    addWay: wire.add_way,
    state: emptyToNull(wire.state),
    tagIds,
  }
}

export function toFollower(wire: FollowUserWire): FollowUser {
  return toFollowUser(wire, wire.tags.filter((tag) => tag.type === corpTagType && tag.tag_id !== '').map((tag) => tag.tag_id))
}

export function toContactOfStaff(wire: { external_contact: ContactWire; follow_info: FollowInfoWire }): ContactOfStaff {
  return { contact: toContact(wire.external_contact), followUser: toFollowUser(wire.follow_info, wire.follow_info.tag_id) }
}

export function toTagGroup(wire: TagGroupWire): CorpTagGroup {
  return {
    groupId: wire.group_id,
    name: wire.group_name,
    tags: wire.tag.filter((tag) => !tag.deleted).map((tag) => ({ tagId: tag.id, name: tag.name, order: tag.order })),
  }
}
