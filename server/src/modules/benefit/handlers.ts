import { localDateOf } from '@qihui/shared/tier'
import { enqueue } from '../../jobs/enqueue.ts'
import { handle, mayHaveRun, type JobHandler, type JobRun } from '../../jobs/handle.ts'
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
  async function prepareWay(staffUserId: string, run: JobRun): Promise<void> {
    const [way] = await db.run<{ token: string; name: string; created_at: Date }>(selectUnpreparedWay, [staffUserId])
    if (way === undefined) return
    const mayExistSince = mayHaveRun(run, way.created_at, services.now()) ? way.created_at : null
    const { configId, qrCodeUrl } = await wecom.addContactWay({ staffUserId, state: way.token, remark: '专属顾问', mayExistSince })
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
    handle(prepareAdviserWay, async ({ staffUserId }, run) => {
      try {
        await prepareWay(staffUserId, run)
      } catch (error) {
        // WeCom refuses a way to somebody without the right to customer contact: whoever was given to them by load gets another adviser.
        if (run.attempt >= prepareAdviserWay.retryLimit) {
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
