import { AppError } from '@qihui/shared/errors'
import { defaultFormKey, firstForm, publishProblems, type FormDefinition, type FormVersion } from '@qihui/shared/form'
import type { StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { auditActorOf, recordAudit } from '../audit/steps.ts'
import { presentFormVersion, type FormVersionRow } from './present.ts'
import { insertForm, insertFormVersion, lockForm, seedFormVersion, selectVersionsOfForm } from './tables.ts'

const defaultFormName = '会员登记表'

/** What a publisher sends. */
export interface FormPublication {
  readonly formKey: string
  readonly name?: string | undefined
  /** The version that was looked at while writing this one, null for a new form. */
  readonly replaces: string | null
  readonly definition: FormDefinition
}

/** Gives a new installation its first form; an existing one keeps what was published since. */
export async function publishForms({ db, now }: Pick<Services, 'db' | 'now'>): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.run(insertForm, [defaultFormKey, defaultFormName, now()])
    await tx.run(seedFormVersion, [firstForm.version, firstForm.formKey, JSON.stringify(firstForm.definition), firstForm.publishedAt])
  })
}

/** Refuses what the gate refuses, each field by its place. @throws AppError `form.unpublishable` */
function passGate(definition: FormDefinition, former: readonly FormDefinition[]): void {
  const errors = publishProblems(definition, former).filter(({ level }) => level === 'error')
  if (errors.length === 0) return
  const places = new Map(definition.fields.map(({ key }, index) => [key, index]))
  throw new AppError(
    'form.unpublishable',
    undefined,
    errors.map(({ field, message }) => ({ path: field === null ? 'body.definition.fields' : `body.definition.fields.${places.get(field) ?? field}`, message })),
  )
}

/**
 * Publishes the next version of a form, `<formKey>.<n>`; it is never changed afterwards and a rollback is a new version (R62,
 * domain rules j 2). Two publishers do not overwrite each other: the second is told.
 * @throws AppError `form.versionTaken`, `form.unpublishable`, `request.invalid`
 */
export async function publishForm({ db, now, forms }: Pick<Services, 'db' | 'now' | 'forms'>, actor: StaffActor, input: FormPublication): Promise<FormVersion> {
  const published = await db.transaction(async (tx) => {
    const at = now()
    if (input.replaces === null) {
      if (input.name === undefined) throw new AppError('request.invalid', undefined, [{ path: 'body.name', message: '新建登记表时请填写名称' }])
      const created = await tx.run(insertForm, [input.formKey, input.name, at])
      if (created.length === 0) throw new AppError('form.versionTaken')
    } else {
      await tx.run(lockForm, [input.formKey, input.name ?? null])
    }
    const versions = await tx.run<FormVersionRow>(selectVersionsOfForm, [input.formKey])
    const newest = versions[0]
    if ((newest?.version ?? null) !== input.replaces) throw new AppError('form.versionTaken')
    passGate(input.definition, versions.map(({ definition }) => definition))
    // Later than what it replaces, whatever the clocks of two servers say.
    const publishedAt = new Date(Math.max(at.getTime(), (newest?.published_at.getTime() ?? 0) + 1))
    const version = `${input.formKey}.${versions.length + 1}`
    await tx.run(insertFormVersion, [version, input.formKey, JSON.stringify(input.definition), publishedAt, actor.staffUserId])
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: 'form.publish', subject: `form:${version}` })
    return presentFormVersion({ version, form_key: input.formKey, definition: input.definition, published_at: publishedAt, published_by: actor.staffUserId })
  })
  await forms.refresh()
  return published
}
