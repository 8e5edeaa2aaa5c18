import { firstGrowthRules, type PublishedGrowthRules } from '@qihui/shared/growth'
import type { TrackedDocument } from '@qihui/shared/interaction'
import type { PublishedTierRules } from '@qihui/shared/tier'
import type { GrowthPreview, GrowthRuleVersions, StaffBehaviour, TierPreview, TierRuleVersions, TrackedDocuments } from '../api/growthApi.ts'

const { registration, order, formGroups, interactions } = firstGrowthRules

export const firstVersion: PublishedGrowthRules = {
  ...{ version: 'growth.1', effectiveFrom: firstGrowthRules.effectiveFrom, publishedAt: '2026-01-01T00:00:00.000Z', publishedBy: null },
  definition: { registration, order, formGroups, interactions },
}

const plannedVersion: PublishedGrowthRules = {
  ...{ version: 'growth.2', effectiveFrom: '2026-12-01T00:00:00.000Z', publishedAt: '2026-11-21T02:00:00.000Z', publishedBy: '吴经理' },
  definition: { registration, order: { points: 2, perFen: 100 }, formGroups, interactions: { ...interactions, documentView: { growth: 2, maxPerDay: 3, maxPerMonth: 30 } } },
}

export const growthRules: GrowthRuleVersions = { inForce: 'growth.1', versions: [plannedVersion, firstVersion] }

export const growthPreview: GrowthPreview = {
  ...{ days: 90, members: 1200, growthUp: 640, growthDown: 0, tierUp: 35, tierDown: 0, totalBefore: 480_000, totalAfter: 910_500 },
  tiers: [
    { code: 'normal', name: '普通会员', before: 900, after: 870 },
    { code: 'silver', name: '银卡会员', before: 250, after: 275 },
    { code: 'gold', name: '金卡会员', before: 50, after: 55 },
  ],
}

export const tierVersion: PublishedTierRules = {
  ...{ version: '2026-01', effectiveFrom: '2020-01-01T00:00:00.000Z', publishedAt: '2026-01-01T00:00:00.000Z', publishedBy: null },
  definition: { silver: { minGrowth: 1000, reviewMonths: 12 }, gold: { minGrowth: 5000, reviewMonths: 3 }, qualifyingMonths: 12, graceDays: 30, maxStepsDown: null },
}

export const tierRules: TierRuleVersions = { inForce: '2026-01', versions: [tierVersion] }

export const tierPreview: TierPreview = { members: 1200, tierUp: 12, tierDown: 40, tiers: growthPreview.tiers }

export const trackedDocument: TrackedDocument = {
  ...{ documentId: '0190aaaa-0000-7000-8000-000000000081', title: '秋季新品手册', targetUrl: 'https://mp.weixin.qq.com/s/autumn', createdBy: '吴经理', createdAt: '2026-11-20T02:00:00.000Z' },
  ...{ revokedAt: null, url: 'https://member.qihui.example/d/DbCdEfGhIjKlMnOpQrStUv', sharers: 2, opened: 18, openedByMembers: 7, members: 5, growth: 10 },
}

export const trackedDocuments: TrackedDocuments = { hosts: ['mp.weixin.qq.com'], documents: [trackedDocument] }

export const staffBehaviour: StaffBehaviour = {
  until: '2026-11-21',
  staff: [{ staffUserId: 'rep.li', name: '李静', chats: 120, messages: 840, replyPercent: 92.5, replyMinutes: 3, newApplications: 4, newContacts: 11, lostContacts: 1 }],
}
