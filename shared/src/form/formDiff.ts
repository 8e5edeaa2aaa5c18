import type { InferOutput } from 'valibot'
import type { FormDefinition, FormField, formDiffSchema } from './contract.ts'

/** What a reviewer has to look at. Keys, in the order of the form. */
export type FormDiff = InferOutput<typeof formDiffSchema>

/** Fields are plain data; their keys may stand in any order. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = new Map(Object.entries(a).filter(([, value]) => value !== undefined))
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined))
  return left.size === right.size && [...left].every(([key, value]) => right.has(key) && isSame(value, right.get(key)))
}

/**
 * What changes from one version to the next (domain rules j 1). A field that becomes sensitive counts as adding one.
 * @param before null for the first version of a form
 */
export function formDiff(before: FormDefinition | null, after: FormDefinition): FormDiff {
  const former = new Map<string, FormField>(before?.fields.map((field) => [field.key, field]))
  const kept = new Set(after.fields.map((field) => field.key))
  const added = after.fields.filter((field) => !former.has(field.key))
  const changed = after.fields.filter((field) => former.has(field.key) && !isSame(former.get(field.key), field))
  return {
    added: added.map((field) => field.key),
    removed: [...former.keys()].filter((key) => !kept.has(key)),
    changed: changed.map((field) => field.key),
    addsSensitive: [...added, ...changed].some((field) => field.class === 'S' && former.get(field.key)?.class !== 'S'),
  }
}
