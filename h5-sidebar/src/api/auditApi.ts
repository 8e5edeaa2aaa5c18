import type { exportAuditEntries, getAuditVerification, listAuditEntries, requestAuditVerification } from '@qihui/shared/audit'
import type { BodyOf, QueryOf, ResponseOf } from '@qihui/shared/http'
import type { Http } from './http.ts'

export type AuditFilter = BodyOf<typeof exportAuditEntries>
export type AuditPage = ResponseOf<typeof listAuditEntries>
export type AuditExport = ResponseOf<typeof exportAuditEntries>
export type AuditState = ResponseOf<typeof getAuditVerification>

/** The audit, as the console asks for it. */
export interface AuditApi {
  auditEntries(query: QueryOf<typeof listAuditEntries>): Promise<AuditPage>
  exportAudit(filter: AuditFilter): Promise<AuditExport>
  auditVerification(): Promise<AuditState>
  verifyAudit(): Promise<void>
}

export function createAuditApi(http: Http): AuditApi {
  return {
    auditEntries: (query) => http<typeof listAuditEntries>({ method: 'GET', path: '/api/console/audit-entries', query }),
    exportAudit: (body) => http<typeof exportAuditEntries>({ method: 'POST', path: '/api/console/audit-exports', body }),
    auditVerification: () => http<typeof getAuditVerification>({ method: 'GET', path: '/api/console/audit-verification' }),
    async verifyAudit() {
      await http<typeof requestAuditVerification>({ method: 'POST', path: '/api/console/audit-verification' })
    },
  }
}
