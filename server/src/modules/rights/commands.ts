import { AppError } from '@qihui/shared/errors'
import type { BodyOf } from '@qihui/shared/http'
import { refusalOfGrant, type GrantRefusal, type grantRole as grantContract, type RightsModel, type Role, type Scope, type setRightsModel as modelContract } from '@qihui/shared/rights'
import type { Tx } from '../../db/pool.ts'
import type { StaffActor } from '../../http/actor.ts'
import { newId } from '../../security/newId.ts'
import type { Services } from '../../services.ts'
import { endGrant, holdSetting, holdStaff, insertGrant, insertRightsAudit, lockGrant, lockLiveGrant, updateSetting } from './tables.ts'

type RightsServices = Pick<Services, 'db' | 'now'>

const reasons: Record<Exclude<GrantRefusal, 'notAllowed' | 'outsideTree'>, string> = {
  self: '不能授予或收回自己的角色，请由另一位管理员操作',
  scopeUnfit: '该角色不能使用这个数据范围，请换一个范围',
  centralOnly: '按当前授权模式，该角色只能由全公司的系统管理员授予或收回',
  tooWide: '您只能授予本部门及下级部门以内的数据范围',
}

/** Somebody out of reach is as unknown as somebody who is not there. */
function refuse(refusal: GrantRefusal | null): void {
  if (refusal === null) return
  if (refusal === 'notAllowed') throw new AppError('rights.denied')
  if (refusal === 'outsideTree') throw new AppError('request.notFound')
  throw new AppError('rights.notGrantable', reasons[refusal])
}

async function modelHeld(tx: Tx): Promise<RightsModel> {
  const [setting] = await tx.run<{ model: RightsModel }>(holdSetting, [])
  if (setting === undefined) throw new Error('rights_setting has no row')
  return setting.model
}

async function audit(tx: Tx, actor: StaffActor, at: Date, requestId: string, entry: { readonly action: string; readonly subject: string; readonly fields: readonly string[] }): Promise<void> {
  await tx.run(insertRightsAudit, [newId(), at, actor.staffUserId, entry.action, entry.subject, entry.fields, requestId])
}

/**
 * Gives a role to somebody else, as the model in force allows (R83); the same role with another scope is replaced, the same scope is left
 * as it is. In force at the person's next request within seconds.
 * @throws AppError `rights.denied`, `rights.notGrantable`, `request.notFound` (not visible to the app, or outside the granter's departments)
 */
export async function grantRole({ db, now }: RightsServices, actor: StaffActor, input: BodyOf<typeof grantContract>, requestId: string): Promise<{ readonly grantId: string }> {
  const { staffUserId, role, scope } = input
  const { facts } = actor.rights
  return db.transaction(async (tx) => {
    const model = await modelHeld(tx)
    const [staff] = await tx.run<{ department_ids: number[] }>(holdStaff, [staffUserId])
    const wish = { role, scope, isSelf: staffUserId === actor.staffUserId, departmentIds: staff?.department_ids ?? [] }
    const refusal = refusalOfGrant(facts, model, wish)
    // Nobody is told by the kind of refusal whether an account outside their departments exists.
    if (staff === undefined && !wish.isSelf) throw new AppError(refusal === 'notAllowed' ? 'rights.denied' : 'request.notFound')
    refuse(refusal)
    const [held] = await tx.run<{ grant_id: string; scope: Scope }>(lockLiveGrant, [staffUserId, role])
    if (held?.scope === scope) return { grantId: held.grant_id }
    if (held !== undefined) {
      refuse(refusalOfGrant(facts, model, { ...wish, scope: held.scope }))
      await tx.run(endGrant, [held.grant_id, actor.staffUserId, now()])
    }
    const grantId = newId()
    await tx.run(insertGrant, [grantId, staffUserId, role, scope, actor.staffUserId, now()])
    await audit(tx, actor, now(), requestId, { action: 'rights.grant', subject: staffUserId, fields: [`${role}:${scope}`] })
    return { grantId }
  })
}

/** Takes a role back. @throws AppError `rights.denied`, `rights.notGrantable`, `request.notFound` (no such live grant, or out of reach) */
export async function revokeRole({ db, now }: RightsServices, actor: StaffActor, grantId: string, requestId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const model = await modelHeld(tx)
    const [grant] = await tx.run<{ staff_user_id: string; role: Role; scope: Scope; department_ids: number[] }>(lockGrant, [grantId])
    if (grant === undefined) throw new AppError('request.notFound')
    const { role, scope, staff_user_id: staffUserId, department_ids: departmentIds } = grant
    refuse(refusalOfGrant(actor.rights.facts, model, { role, scope, isSelf: staffUserId === actor.staffUserId, departmentIds }))
    await tx.run(endGrant, [grantId, actor.staffUserId, now()])
    await audit(tx, actor, now(), requestId, { action: 'rights.revoke', subject: staffUserId, fields: [`${role}:${scope}`] })
  })
}

/** Changes the model of granting and the default role (R83). Grants that exist stay. */
export async function setRightsModel({ db, now }: RightsServices, actor: StaffActor, { model, defaultRole }: BodyOf<typeof modelContract>, requestId: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.run(updateSetting, [model, defaultRole, actor.staffUserId, now()])
    await audit(tx, actor, now(), requestId, { action: 'rights.setModel', subject: model, fields: [`defaultRole:${defaultRole ?? 'none'}`] })
  })
}
