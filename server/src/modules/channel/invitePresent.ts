import type { Invite, InvitePlace } from '@qihui/shared/channel'
import type { FormVersion } from '@qihui/shared/form'
import { tiersOf, type TierRules } from '@qihui/shared/tier'
import type { Env } from '../../env.ts'
import type { PublishedPolicy } from '../consent/present.ts'
import { landingCardPage } from './landingPage.ts'
import { opennessOfRow } from './present.ts'
import type { InviteChannelRow } from './queries.ts'

interface InviteParts {
  readonly env: Env
  readonly place: InvitePlace
  readonly row: InviteChannelRow
  readonly form: FormVersion
  readonly policy: PublishedPolicy
  readonly registrationGrowth: number
  readonly tierRules: TierRules
  readonly at: Date
}

/** Inside WeChat the official account logs people in, inside WeCom the corp does; elsewhere there is only the way into WeChat. */
function canLogInAt(place: InvitePlace, env: Env): boolean {
  return place === 'wecom' || (place === 'wechat' && env.wechat.oaAppId !== '' && env.wechat.oaSecret !== '')
}

/** What the invite page shows. It names no customer, and nothing of the UTM is in it (R13). A page cannot verify a phone, so it asks for none. */
export function presentInvite({ env, place, row, form, policy, registrationGrowth, tierRules, at }: InviteParts): Invite {
  const { token } = row
  return {
    brandName: env.brandName,
    place,
    openness: opennessOfRow(row, at),
    kind: row.kind,
    name: row.name,
    storeName: row.store_name,
    staffName: row.staff_name,
    expiresAt: row.expires_at?.toISOString() ?? null,
    tiers: tiersOf(tierRules.ladder).map(({ code, name, minGrowth, benefits }) => ({ code, name, minGrowth, benefits: [...benefits] })),
    registrationGrowth,
    policy: { version: policy.version, title: policy.title, summary: [...policy.summary] },
    form: { version: form.version, fields: form.definition.fields.filter(({ confirmation }) => confirmation !== 'code') },
    miniProgram: { appId: env.wechat.mpAppId, originalId: env.wechat.mpOriginalId, path: landingCardPage(token) },
    codeUrl: `/i/${token}/code.png`,
    miniProgramCodeUrl: row.has_image ? `/channel-codes/${token}/mini-program.png` : null,
    canLogInHere: canLogInAt(place, env),
  }
}
