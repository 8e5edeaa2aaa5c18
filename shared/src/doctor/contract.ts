import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { instantSchema } from '../ids/schemas.ts'

export const findingSchema = v.object({
  key: v.string(),
  title: v.string(),
  outcome: v.picklist(['ok', 'failed', 'waiting', 'byHand', 'skipped']),
  detail: v.string(),
  remedy: v.nullable(v.string()),
  where: v.nullable(v.string()),
})

/** Asks the vendors now; takes as long as the slowest of them, 6 s at most. */
export const runDoctor = defineContract({
  method: 'POST',
  path: '/api/console/doctor/runs',
  audience: 'operator',
  permission: { action: 'read', subject: 'Health' },
  summary: '检查每一项设置是否与企业微信、微信平台相符，并指出原因与修改位置',
  response: v.object({ at: instantSchema, findings: v.array(findingSchema) }),
})
