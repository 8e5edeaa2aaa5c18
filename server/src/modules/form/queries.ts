import { formDiff, publishProblems, versionInForce, type FormDefinition, type FormDiff, type FormVersion, type PublishProblem } from '@qihui/shared/form'
import type { Services } from '../../services.ts'
import { presentFormVersion, type FormVersionRow } from './present.ts'
import { selectFieldTexts, selectForms, selectVersionsOfForm } from './tables.ts'

/** A form with everything that was ever asked, newest first: what was retired, and when, can be read from it. */
export interface ListedForm {
  readonly formKey: string
  readonly name: string
  readonly versions: FormVersion[]
}

export async function listForms({ db }: Pick<Services, 'db'>): Promise<ListedForm[]> {
  const listed = new Map<string, ListedForm>()
  for (const row of await db.run<FormVersionRow & { name: string }>(selectForms, [])) {
    const form = listed.get(row.form_key) ?? { formKey: row.form_key, name: row.name, versions: [] }
    form.versions.push(presentFormVersion(row))
    listed.set(row.form_key, form)
  }
  return [...listed.values()]
}

/** What the gate would say, and what changes against the version in force; a new key is compared with nothing. */
export async function reviewForm(
  { db, now }: Pick<Services, 'db' | 'now'>,
  formKey: string,
  definition: FormDefinition,
): Promise<{ problems: PublishProblem[]; diff: FormDiff }> {
  const versions = (await db.run<FormVersionRow>(selectVersionsOfForm, [formKey])).map(presentFormVersion)
  const inForce = versionInForce(versions, now())
  return { problems: publishProblems(definition, versions.map((version) => version.definition)), diff: formDiff(inForce?.definition ?? null, definition) }
}

/** What fields of any form were last called and are for; keys nobody ever asked for are left out. */
export async function listFieldTexts({ db }: Pick<Services, 'db'>, keys: readonly string[]): Promise<{ key: string; label: string; purpose: string }[]> {
  return db.run<{ key: string; label: string; purpose: string }>(selectFieldTexts, [keys])
}

/** Which of these keys some form collects as a sensitive field. */
export async function knownSensitiveKeys({ db }: Pick<Services, 'db'>, keys: readonly string[]): Promise<string[]> {
  const fields = await db.run<{ key: string; class: string }>(selectFieldTexts, [keys])
  return fields.filter((field) => field.class === 'S').map((field) => field.key)
}
