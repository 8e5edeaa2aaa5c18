import type { Logger } from 'pino'
import type { Database } from './db/pool.ts'
import type { Env } from './env.ts'
import type { Metrics } from './metrics/createMetrics.ts'
import type { MailSender, SmsSender } from './messaging/messaging.ts'
import type { PolicyBook } from './modules/consent/book.ts'
import type { FormBook } from './modules/form/book.ts'
import type { GrowthRuleBook } from './modules/growth/book.ts'
import type { TierRuleBook } from './modules/tier/book.ts'
import type { Sightings } from './vendor/sightings.ts'
import type { FieldCipher } from './security/fieldCipher.ts'
import type { TrialClock } from './trial/trialClock.ts'
import type { Wechat } from './wechat/wechat.ts'
import type { Wecom } from './wecom/wecom.ts'

/** Built once by the roots and passed in; a module asks for the part it needs with `Pick`. */
export interface Services {
  readonly env: Env
  readonly db: Database
  readonly now: () => Date
  /** Null unless the product is tried out: `now` then follows it. */
  readonly trialClock: TrialClock | null
  readonly log: Logger
  readonly cipher: FieldCipher
  readonly sightings: Sightings
  readonly metrics: Metrics
  readonly wecom: Wecom
  readonly wechat: Wechat
  /** Null while no mail server is set up. */
  readonly mail: MailSender | null
  /** Null while no SMS provider is set up. */
  readonly sms: SmsSender | null
  readonly forms: FormBook
  readonly policies: PolicyBook
  readonly growthRules: GrowthRuleBook
  readonly tierRules: TierRuleBook
}
