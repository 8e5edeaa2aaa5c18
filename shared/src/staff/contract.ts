import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'

/** The staff member behind the session, and what the sidebar needs to register with the JSSDK. */
export const getStaffSelf = defineContract({
  method: 'GET',
  path: '/api/staff/me',
  audience: 'staff',
  permission: 'signedIn',
  summary: '当前登录的企业成员',
  response: v.object({
    staffUserId: v.string(),
    name: v.string(),
    /** May use the console. */
    isOperator: v.boolean(),
    /** What their roles may read, for a console that offers only what opens; the server decides anew at every door. */
    readable: v.array(v.string()),
    corpId: v.string(),
    agentId: v.string(),
  }),
})

/** Ends the session everywhere it is used. */
export const closeStaffSession = defineContract({
  method: 'POST',
  path: '/api/staff/logout',
  audience: 'staff',
  permission: 'signedIn',
  summary: '退出登录',
  response: v.object({ isClosed: v.boolean() }),
})

const signatureSchema = v.object({ timestamp: v.number(), nonceStr: v.string(), signature: v.string() })
/** Which addresses are signed, the server's own look at them decides. */
const signatureQuery = v.object({ url: v.pipe(v.string(), v.maxLength(2048, '网址过长')) })

/** Corp identity, for `ww.register({ getConfigSignature })`. */
export const getConfigSignature = defineContract({
  method: 'GET',
  path: '/api/jssdk/config-signature',
  audience: 'staff',
  permission: 'signedIn',
  summary: 'JSSDK 企业身份签名',
  query: signatureQuery,
  response: signatureSchema,
  errors: ['jssdk.hostRefused', 'vendor.unavailable', 'vendor.configuration'],
})

/** App identity, for `ww.register({ getAgentConfigSignature })`. */
export const getAgentConfigSignature = defineContract({
  method: 'GET',
  path: '/api/jssdk/agent-config-signature',
  audience: 'staff',
  permission: 'signedIn',
  summary: 'JSSDK 应用身份签名',
  query: signatureQuery,
  response: signatureSchema,
  errors: ['jssdk.hostRefused', 'vendor.unavailable', 'vendor.configuration'],
})
