import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { channelTokenSchema, idSchema } from '../ids/schemas.ts'

/** What a person can agree to. `membership` is needed to register; others are asked apart. */
export const consentPurposeSchema = v.picklist(['membership'])
export type ConsentPurpose = v.InferOutput<typeof consentPurposeSchema>

/** Records the tick, before registration and independent of it (R63, R65). */
export const grantConsent = defineContract({
  method: 'POST',
  path: '/api/consents',
  audience: 'member',
  summary: '记录对某一版本隐私政策的同意',
  body: v.strictObject({
    policyVersion: v.pipe(v.string(), v.minLength(1, '缺少政策版本'), v.maxLength(32)),
    purposes: v.pipe(v.array(consentPurposeSchema), v.minLength(1, '至少选择一项用途'), v.maxLength(5)),
    channelToken: v.optional(channelTokenSchema),
  }),
  response: v.object({ consentIds: v.array(idSchema), policyVersion: v.string() }),
  status: 201,
  errors: ['consent.policyOutdated'],
})

/** The full text of one policy version; old versions stay readable for ever. */
export const getPolicy = defineContract({
  method: 'GET',
  path: '/api/policies/:version',
  audience: 'public',
  summary: '隐私政策全文',
  params: v.object({ version: v.pipe(v.string(), v.maxLength(32)) }),
  response: v.object({ version: v.string(), title: v.string(), publishedAt: v.string(), textHash: v.string(), sections: v.array(v.object({ heading: v.string(), paragraphs: v.array(v.string()) })) }),
  errors: ['request.notFound'],
})
