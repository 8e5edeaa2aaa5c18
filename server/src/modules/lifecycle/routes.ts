import {
  changeLegalHold, correctOwnData as correctOwnDataContract, createDeidentifiedExport, exportOwnData as exportOwnDataContract, getComplianceReport as getComplianceReportContract, getErasure as getErasureContract, getLifecycle as getLifecycleContract,
  getOwnData as getOwnDataContract, listDeidentifiedExports, listLegalHolds, placeLegalHold, requestErasure as requestErasureContract,
} from '@qihui/shared/lifecycle'
import { AppError } from '@qihui/shared/errors'
import { stringify } from 'csv-stringify'
import { Readable } from 'node:stream'
import { staffCookie, type Authenticators, type StaffActor } from '../../http/actor.ts'
import { cookieValue } from '../../http/cookies.ts'
import type { RequestState } from '../../http/requestState.ts'
import { rawRoute, route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { correctOwnData } from './commands/correctOwnData.ts'
import { createExport, downloadExport } from './commands/exports.ts'
import { changeHold, placeHold } from './commands/holds.ts'
import { requestErasure } from './commands/requestErasure.ts'
import { complianceCsv, complianceHtml, compliancePolicy, getComplianceReport } from './complianceReport.ts'
import { exportOwnData } from './ownCopy.ts'
import { getOwnData } from './ownData.ts'
import { getErasure, getLifecycle, listExports, listHolds } from './queries.ts'

type LifecycleServices = Pick<Services, 'db' | 'now' | 'env' | 'cipher' | 'forms'>

const exportColumns = [
  { key: 'pseudonym', header: '假名' },
  { key: 'tier', header: '等级' },
  { key: 'joined', header: '入会季度' },
  { key: 'channelKind', header: '渠道类型' },
  { key: 'activity', header: '活跃程度' },
  { key: 'growth', header: '成长值区间' },
]

function memberRoutes(services: LifecycleServices): Route[] {
  return [
    route(getOwnDataContract, ({ actor }) => getOwnData(services, actor)),
    route(exportOwnDataContract, ({ actor, query }) => exportOwnData(services, actor, query.format)),
    route(correctOwnDataContract, async ({ actor, body, requestId }) => ({ corrected: await correctOwnData(services, actor, body.answers, requestId) })),
    route(requestErasureContract, async ({ actor, requestId }) => getErasure(services, await requestErasure(services, actor, requestId))),
    route(getErasureContract, ({ params }) => getErasure(services, params.receiptNo)),
  ]
}

async function exporterOf(staff: Authenticators['staff'], cookies: string | undefined, subject: 'Lifecycle' | 'Report'): Promise<StaffActor> {
  const actor = await staff(cookieValue(cookies, staffCookie) ?? '')
  if (actor === null) throw new AppError('session.expired')
  if (!actor.isOperator) throw new AppError('staff.notOperator')
  if (!actor.rights.mayTry({ action: 'export', subject })) throw new AppError('rights.denied')
  return actor
}

/** Streamed: a million lines are never in memory at once. Formulas of a spreadsheet stay text. */
function downloadRoute(services: LifecycleServices, staff: Authenticators['staff']): Route {
  return rawRoute('GET', '/api/console/deidentified-exports/:exportId/members.csv', async (ctx, params) => {
    const actor = await exporterOf(staff, ctx.req.headers.cookie, 'Lifecycle')
    const exportId = params['exportId'] ?? ''
    if (!/^[0-9a-f-]{36}$/.test(exportId)) throw new AppError('request.notFound')
    const lines = await downloadExport(services, actor, exportId, (ctx.state as RequestState).requestId)
    ctx.set('cache-control', 'no-store')
    ctx.set('x-content-type-options', 'nosniff')
    ctx.type = 'text/csv; charset=utf-8'
    ctx.attachment(`members-${exportId.slice(0, 8)}.csv`)
    ctx.body = Readable.from(lines).pipe(stringify({ header: true, columns: exportColumns, bom: true, escape_formulas: true }))
  })
}

/** The report to keep: as a page to print and as CSV. */
function reportFiles(services: LifecycleServices, staff: Authenticators['staff']): Route[] {
  return (['html', 'csv'] as const).map((format) =>
    rawRoute('GET', `/api/console/compliance-report.${format}`, async (ctx) => {
      await exporterOf(staff, ctx.req.headers.cookie, 'Report')
      const report = await getComplianceReport(services)
      ctx.set('cache-control', 'no-store')
      ctx.set('x-content-type-options', 'nosniff')
      ctx.attachment(`compliance-${report.generatedAt.slice(0, 10)}.${format}`)
      ctx.type = format === 'html' ? 'text/html; charset=utf-8' : 'text/csv; charset=utf-8'
      if (format === 'html') ctx.set('content-security-policy', compliancePolicy)
      ctx.body = format === 'html' ? complianceHtml(report, services.env.brandName) : complianceCsv(report)
    }),
  )
}

/** The member's own centre, and archive, erasure, holds and exports of the console. */
export function lifecycleRoutes(services: LifecycleServices, staff: Authenticators['staff']): Route[] {
  return [
    ...memberRoutes(services),
    route(getLifecycleContract, () => getLifecycle(services)),
    route(listLegalHolds, async () => ({ holds: await listHolds(services) })),
    route(placeLegalHold, ({ actor, body, requestId }) => placeHold(services, actor, body, requestId)),
    route(changeLegalHold, ({ actor, params, body, requestId }) => changeHold(services, actor, params.holdId, body, requestId)),
    route(listDeidentifiedExports, async () => ({ exports: await listExports(services) })),
    route(createDeidentifiedExport, ({ actor, body, requestId }) => createExport(services, actor, body.purpose, requestId)),
    downloadRoute(services, staff),
    route(getComplianceReportContract, () => getComplianceReport(services)),
    ...reportFiles(services, staff),
  ]
}
