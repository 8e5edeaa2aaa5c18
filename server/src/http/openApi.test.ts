import { checkForm, listForms, publishForm } from '@qihui/shared/form'
import { describe, expect, it } from 'vitest'
import { openApiOf } from './openApi.ts'
import { route } from './route.ts'

const refuse = () => Promise.reject(new Error('not called'))
const document = openApiOf([route(listForms, refuse), route(checkForm, refuse), route(publishForm, refuse)], 'http://localhost:3000')

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : referencesIn(inner)))
}
const resolve = (reference: string) =>
  reference.split('/').slice(1).reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document)

describe('the OpenAPI document', () => {
  it('names schemas that contain themselves, and every reference leads somewhere', () => {
    const references = new Set(referencesIn(document))
    expect([...references]).toContain('#/components/schemas/Condition')
    for (const reference of references) expect(resolve(reference), reference).toBeTypeOf('object')
    expect(JSON.stringify(document)).not.toContain('$defs')
  })
})
