import type { FormVersion } from '@qihui/shared/form'

/** The versions of a form, the one in force first. */
export function newestFirst(form: { readonly versions: readonly FormVersion[] }): FormVersion[] {
  return [...form.versions].sort((a, b) => b.publishedAt.localeCompare(a.publishedAt))
}
