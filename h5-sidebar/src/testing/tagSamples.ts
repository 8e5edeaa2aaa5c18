import type { Segment } from '@qihui/shared/segment'
import type { SegmentList, TagLibrary, TagReview } from '../api/tagApi.ts'

export const tagLibrary: TagLibrary = {
  groups: [
    {
      ...{ groupId: 'etgTier', name: '会员等级', origin: 'managed', change: null },
      tags: [{ tagId: 'etTierGold', name: '金卡会员', origin: 'managed', customers: 12, change: null }],
    },
    {
      ...{ groupId: 'etgInterest', name: '兴趣', origin: 'app', change: null },
      tags: [
        { tagId: 'etBaby', name: '母婴', origin: 'app', customers: 37, change: { state: 'done', failure: null, at: '2026-11-22T03:00:00.000Z' } },
        { tagId: 'etBeauty', name: '美妆', origin: 'app', customers: 0, change: null },
      ],
    },
    { groupId: 'etgSource', name: '来源', origin: 'elsewhere', change: null, tags: [{ tagId: 'etFair', name: '展会', origin: 'elsewhere', customers: 3, change: null }] },
  ],
  changes: [],
  tagCount: 4,
  maxTags: 10_000,
}

export const segment: Segment = {
  ...{ segmentId: '0190aaaa-0000-7000-8000-000000000301', name: '活跃金卡', state: 'active', hasTag: true, failure: null, members: 86 },
  conditions: [
    { kind: 'tier', anyOf: ['gold'] },
    { kind: 'activeWithin', days: 30 },
  ],
  ...{ refreshedAt: '2026-11-21T16:40:00.000Z', createdBy: '吴经理', createdAt: '2026-11-20T02:00:00.000Z', changedAt: '2026-11-20T02:00:00.000Z' },
}
export const segmentList: SegmentList = { segments: [segment], maxSegments: 50, answerFields: [{ key: 'gender', label: '性别', options: [{ value: 'f', label: '女' }, { value: 'm', label: '男' }] }] }

export const tagReview: TagReview = {
  nextAt: '2026-11-30T18:00:00.000Z',
  run: { startedAt: '2026-10-31T18:00:00.000Z', reviewed: 2, total: 2, differed: 4 },
  staff: [
    { staffUserId: 'rep.wang', name: '王浩', reviewedAt: '2026-10-31T18:00:30.000Z', checked: 210, differed: 4, handEdits: 7, handEditsSince: 3, lastHandEditAt: '2026-11-21T06:00:00.000Z' },
    { staffUserId: 'rep.li', name: '李明', reviewedAt: '2026-10-31T18:00:10.000Z', checked: 180, differed: 0, handEdits: 0, handEditsSince: 0, lastHandEditAt: null },
  ],
  handEdits: [{ at: '2026-11-21T06:00:00.000Z', staffName: '王浩', customerName: '陈**', added: ['金卡会员'], removed: ['普通会员'] }],
}
