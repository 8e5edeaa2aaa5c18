import type { FormDefinition, FormVersion } from '@qihui/shared/form'

/** A form version as stored. */
export interface FormVersionRow {
  readonly version: string
  readonly form_key: string
  readonly definition: FormDefinition
  readonly published_at: Date
  readonly published_by: string | null
}

export function presentFormVersion(row: FormVersionRow): FormVersion {
  return { formKey: row.form_key, version: row.version, publishedAt: row.published_at.toISOString(), publishedBy: row.published_by, definition: row.definition }
}
