import { localDateOf } from '@qihui/shared/tier'
import { enqueue } from '../../jobs/enqueue.ts'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import { failAdviserWay, keepAdviserWay, selectUnpreparedWay } from './adviserTables.ts'
import { issueAllCoupons, renewAllAdvisers, unlockTo } from './commands.ts'
import { advanceBenefits, issueCoupons, prepareAdviserWay, renewAdvisers } from './jobs.ts'

type BenefitServices = Pick<Services, 'db' | 'now' | 'log' | 'cipher' | 'wecom'>

/** After the tiers of the night are decided. */
const afterTiers = '20 0 * * *'

/** The job door of benefits. */
export function benefitHandlers(services: BenefitServices): JobHandler[] {
  const { db, wecom, log } = services
  async function prepareWay(staffUserId: string): Promise<void> {
    const [way] = await db.run<{ token: string; name: string }>(selectUnpreparedWay, [staffUserId])
    if (way === undefined) return
    const { configId, qrCodeUrl } = await wecom.addContactWay({ staffUserId, state: way.token, remark: '专属顾问' })
    await db.run(keepAdviserWay, [staffUserId, configId, qrCodeUrl])
  }
  return [
    handle(
      advanceBenefits,
      async () => {
        const members = await unlockTo(services, localDateOf(services.now().toISOString()))
        await renewAllAdvisers(services)
        log.info({ members }, 'benefits unlocked')
      },
      { cron: afterTiers, payload: {} },
    ),
    handle(issueCoupons, async () => {
      log.info({ coupons: await issueAllCoupons(services) }, 'coupons issued')
    }),
    handle(renewAdvisers, async () => {
      log.info({ members: await renewAllAdvisers(services) }, 'advisers renewed')
    }),
    handle(prepareAdviserWay, async ({ staffUserId }, { attempt }) => {
      try {
        await prepareWay(staffUserId)
      } catch (error) {
        // WeCom refuses a way to somebody without the right to customer contact: whoever was given to them by load gets another adviser.
        if (attempt >= prepareAdviserWay.retryLimit) {
          await db.transaction(async (tx) => {
            await tx.run(failAdviserWay, [staffUserId])
            await enqueue(tx, renewAdvisers, {})
          })
        }
        throw error
      }
    }),
  ]
}
