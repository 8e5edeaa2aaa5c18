import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { instantSchema } from '../ids/schemas.ts'

/** One table of the report; every cell is text, as it is printed. */
const complianceSectionSchema = v.object({ title: v.string(), note: v.string(), columns: v.array(v.string()), rows: v.array(v.array(v.string())) })

/** The quarterly self-audit (R68): how things are now and what happened in the last 92 days. No personal data in it. */
export const getComplianceReport = defineContract({
  method: 'GET',
  path: '/api/console/compliance-report',
  audience: 'operator',
  permission: { action: 'read', subject: 'Report' },
  summary: '季度合规审计报告',
  response: v.object({ generatedAt: instantSchema, since: instantSchema, sections: v.array(complianceSectionSchema) }),
})
export type ComplianceReport = v.InferOutput<typeof getComplianceReport.response>
