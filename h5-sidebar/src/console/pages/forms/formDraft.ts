import type { FormDefinition, FormField } from '@qihui/shared/form'

/** One field while it is edited; `rowId` stays when its key is changed. */
export interface FieldRow {
  readonly rowId: number
  readonly field: FormField
}

const blankToNothing = (text: string | undefined) => (text === undefined || text.trim() === '' ? undefined : text.trim())

/** A field as it is sent: nothing empty, and no options where nobody chooses. */
function fieldOf(field: FormField): FormField {
  const { hint, purpose, assessmentId, options, ...kept } = field
  const optional = { hint: blankToNothing(hint), purpose: blankToNothing(purpose), assessmentId: blankToNothing(assessmentId), options: field.type === 'choice' ? options : undefined }
  // JSON drops what is not there; a strict schema would refuse `undefined` nowhere, but two equal drafts must read alike.
  return JSON.parse(JSON.stringify({ ...kept, ...optional })) as FormField
}

/** The definition that the rows mean. */
export function definitionOf(rows: readonly FieldRow[]): FormDefinition {
  return { fields: rows.map(({ field }) => fieldOf(field)) }
}

/** A new question, with the safest choices: optional, masked, on the last step. The key is free in the form. */
export function newField(rows: readonly FieldRow[]): FormField {
  const taken = new Set(rows.map(({ field }) => field.key))
  let number = rows.length + 1
  while (taken.has(`field${number}`)) number += 1
  const step = Math.max(1, ...rows.map(({ field }) => field.step))
  return { key: `field${number}`, label: '新问题', type: 'text', class: 'N', isRequired: false, step, confirmation: 'none' }
}
