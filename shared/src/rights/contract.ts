import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { idSchema, instantSchema } from '../ids/schemas.ts'
import { roles, scopes } from './roles.ts'

const roleSchema = v.picklist(roles)
const scopeSchema = v.picklist(scopes)
const modelSchema = v.picklist(['central', 'distributed', 'hybrid'])
const staffUserIdSchema = v.pipe(v.string(), v.regex(/^[\w.@-]{1,64}$/, '成员账号只能包含字母、数字、点、横线、下划线和 @，最长 64 位'))

const grantSchema = v.object({
  /** Null for roles that come with the deployment's settings: they are changed there. */
  grantId: v.nullable(idSchema),
  staffUserId: v.string(),
  staffName: v.string(),
  departments: v.array(v.string()),
  role: roleSchema,
  scope: scopeSchema,
  grantedBy: v.nullable(v.string()),
  grantedAt: v.nullable(instantSchema),
  /** Whether the asking staff may take it back. */
  isRevocable: v.boolean(),
})

/** The rights in force: the model, the default role, and who holds what besides (R59, R80, R83). At most 2,000 grants. */
export const listRights = defineContract({
  method: 'GET',
  path: '/api/console/rights',
  audience: 'operator',
  permission: { action: 'read', subject: 'Rights' },
  summary: '角色与权限',
  response: v.object({
    model: modelSchema,
    /** What every visible employee is without a grant; null for nothing. */
    defaultRole: v.nullable(roleSchema),
    /** Whether the asking staff may change model and default role. */
    isModelChangeable: v.boolean(),
    /** What the asking staff may give at most; empty when they may give nothing. */
    grantableRoles: v.array(v.object({ role: roleSchema, scopes: v.array(scopeSchema) })),
    grants: v.array(grantSchema),
  }),
})
export type RightsOverview = v.InferOutput<typeof listRights.response>

/** Gives a role to somebody else; the same role held with another scope is replaced. Audited. */
export const grantRole = defineContract({
  method: 'POST',
  path: '/api/console/rights/grants',
  audience: 'operator',
  permission: { action: 'create', subject: 'Rights' },
  summary: '授予角色',
  body: v.strictObject({ staffUserId: staffUserIdSchema, role: roleSchema, scope: scopeSchema }),
  response: v.object({ grantId: idSchema }),
  status: 201,
  isIdempotent: true,
  errors: ['rights.denied', 'rights.notGrantable', 'request.notFound'],
})

/** Takes a role back; in force within seconds. A grant that is not there and one out of reach are the same 404. Audited. */
export const revokeRole = defineContract({
  method: 'POST',
  path: '/api/console/rights/grants/:grantId/revocation',
  audience: 'operator',
  permission: { action: 'delete', subject: 'Rights' },
  summary: '收回角色',
  params: v.object({ grantId: idSchema }),
  response: v.object({ isRevoked: v.boolean() }),
  errors: ['rights.denied', 'rights.notGrantable', 'request.notFound'],
})

/** Changes the model of granting, and what everybody visible to the app is by default. Audited. */
export const setRightsModel = defineContract({
  method: 'PUT',
  path: '/api/console/rights/model',
  audience: 'operator',
  permission: { action: 'update', subject: 'Rights' },
  summary: '设置授权模式',
  body: v.strictObject({ model: modelSchema, defaultRole: v.nullable(v.picklist(['serviceAgent', 'salesRep'])) }),
  response: v.object({ model: modelSchema, defaultRole: v.nullable(roleSchema) }),
  errors: ['rights.denied'],
})

/** Employees the app may see whose name or account contains the text, 20 at most, for the picker of the grant dialog. */
export const searchStaff = defineContract({
  method: 'GET',
  path: '/api/console/rights/staff',
  audience: 'operator',
  permission: { action: 'create', subject: 'Rights' },
  summary: '搜索企业成员',
  query: v.object({ text: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(64, '最多 64 个字')), '') }),
  response: v.object({ staff: v.array(v.object({ staffUserId: v.string(), name: v.string(), departments: v.array(v.string()) })) }),
})
