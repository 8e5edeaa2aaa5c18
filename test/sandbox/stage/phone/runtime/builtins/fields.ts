import type { BuiltinInstance, BuiltinSpec } from './defineBuiltin.ts'

type Field = HTMLInputElement | HTMLTextAreaElement

function fieldIn(element: HTMLElement): Field | null {
  return element.querySelector('input, textarea')
}

function domTypeOf(type: unknown, isPassword: unknown): string {
  return isPassword === true || type === 'safe-password' ? 'password' : 'text'
}

function applyToField(self: BuiltinInstance, element: HTMLElement, property: string, value: unknown): void {
  const field = fieldIn(element)
  if (property === 'type' || property === 'password') self.setData({ domType: domTypeOf(self.data['type'], self.data['password']) })
  if (property === 'maxlength') self.setData({ domMaxlength: Number(value) < 0 ? '' : String(value) })
  if (field === null) return
  if (property === 'value' && field.value !== value) field.value = value === null || value === undefined ? '' : String(value)
  if (property === 'disabled') field.disabled = value === true
  if (property === 'focus' && value === true) field.focus()
}

function watchField(self: BuiltinInstance, element: HTMLElement): void {
  const field = fieldIn(element)
  if (field === null) return
  const detail = () => ({ value: field.value, cursor: field.selectionStart ?? field.value.length })
  field.addEventListener('input', () => self.triggerEvent('input', { ...detail(), keyCode: 0 }, { bubbles: true }))
  field.addEventListener('focus', () => self.triggerEvent('focus', { ...detail(), height: 0 }, {}))
  field.addEventListener('blur', () => {
    self.triggerEvent('blur', detail(), {})
    self.triggerEvent('change', detail(), {})
  })
  field.addEventListener('keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Enter' && field instanceof HTMLInputElement) self.triggerEvent('confirm', detail(), {})
  })
}

const fieldProperties = {
  value: null, type: 'text', password: false, placeholder: '', disabled: false, maxlength: 140, focus: false, name: '', placeholderClass: '',
  placeholderStyle: '', domType: 'text', domMaxlength: '140',
} as const

/** What people type in. */
export const fields: readonly BuiltinSpec[] = [
  { name: 'input', properties: fieldProperties, changed: applyToField, attached: watchField },
  { name: 'textarea', properties: fieldProperties, changed: applyToField, attached: watchField },
]
