import type { FormDefinition, FormField } from '@qihui/shared/form'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffWithoutSession } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/createTestServices.ts'
import { createFormBook } from './book.ts'
import { publishForm, publishForms } from './commands.ts'
import { listForms, reviewForm } from './queries.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

const operator = staffWithoutSession('manager.wu', '吴经理', true)
function field(key: string, more: Partial<FormField> = {}): FormField {
  return { key, label: key, type: 'text', class: 'N', purpose: '测试', legalBasis: 'consent', retentionDays: 30, isRequired: false, step: 1, confirmation: 'none', ...more }
}
const form = (...keys: string[]): FormDefinition => ({ fields: keys.map((key) => field(key)) })
const hour = 60 * 60 * 1000
const later = (milliseconds: number) => {
  services.clock.at = new Date(services.clock.at.getTime() + milliseconds)
}
const publish = (formKey: string, replaces: string | null, definition: FormDefinition) => publishForm(services, operator, { formKey, name: '测试表', replaces, definition })

describe('publishing a form', () => {
  it('seeds the first form once', async () => {
    await publishForms(services)
    const forms = await listForms(services)
    expect(forms.map(({ formKey, versions }) => [formKey, versions.map(({ version }) => version)])).toEqual([['default', ['2026-01']]])
  })

  it('puts the next version in force at once and takes the former one for 24 hours', async () => {
    const first = await publish('vip', null, form('a'))
    expect(first).toMatchObject({ formKey: 'vip', version: 'vip.1', publishedBy: 'manager.wu' })
    later(hour)
    await publish('vip', 'vip.1', form('a', 'b'))
    expect((await services.forms.inForce('vip', services.now())).version).toBe('vip.2')
    expect(await services.forms.accepts('vip.1', 'vip', services.now())).toBe(true)
    later(24 * hour)
    expect(await services.forms.accepts('vip.1', 'vip', services.now())).toBe(false)
    expect(await services.forms.accepts('vip.2', 'vip', services.now())).toBe(true)
    expect(await services.forms.accepts('vip.2', 'default', services.now())).toBe(false)
    expect((await services.forms.find('vip.1'))?.definition).toEqual(form('a'))
  })

  it('lets one of two publishers through and tells the other', async () => {
    await publish('twice', null, form('a'))
    const outcomes = await Promise.allSettled([publish('twice', 'twice.1', form('b')), publish('twice', 'twice.1', form('c')), publish('twice', 'twice.1', form('d'))])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'form.versionTaken' })
    const twins = await Promise.allSettled([publish('born', null, form('a')), publish('born', null, form('b'))])
    expect(twins.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(publish('nobody', 'nobody.1', form('a'))).rejects.toMatchObject({ code: 'form.versionTaken' })
  })

  it('refuses what the gate refuses, by the place of the field, and stores nothing', async () => {
    const nameless = { fields: [field('a'), { ...field('b'), purpose: undefined }] }
    await expect(publish('gate', null, nameless)).rejects.toMatchObject({ code: 'form.unpublishable', errors: [{ path: 'body.definition.fields.1', message: '请填写用途' }] })
    expect((await listForms(services)).some(({ formKey }) => formKey === 'gate')).toBe(false)
    await expect(publishForm(services, operator, { formKey: 'gate', replaces: null, definition: form('a') })).rejects.toMatchObject({ code: 'request.invalid' })
  })

  it('keeps the type of a key that an earlier version used', async () => {
    await publish('types', null, form('a'))
    await publish('types', 'types.1', form('b'))
    await expect(publish('types', 'types.2', { fields: [field('a', { type: 'number' })] })).rejects.toMatchObject({ code: 'form.unpublishable' })
  })

  it('shows a reviewer the problems and the difference to the version in force', async () => {
    await publish('review', null, form('a', 'b'))
    const sensitive = field('c', { class: 'S' })
    const { problems, diff } = await reviewForm(services, 'review', { fields: [field('a'), sensitive] })
    expect(diff).toEqual({ added: ['c'], removed: ['b'], changed: [], addsSensitive: true })
    expect(problems.map(({ field: key, level }) => [key, level])).toEqual([['c', 'error']])
  })
})

describe('the form book', () => {
  it('sees what another process published within five seconds, and a version somebody names at once', async () => {
    await publish('other', null, form('a'))
    const elsewhere = createFormBook(services)
    expect((await elsewhere.inForce('other', services.now())).version).toBe('other.1')
    later(1000)
    await publish('other', 'other.1', form('b'))
    expect((await elsewhere.inForce('other', services.now())).version).toBe('other.1')
    expect(await elsewhere.accepts('other.2', 'other', services.now())).toBe(true)
    expect((await elsewhere.inForce('other', services.now())).version).toBe('other.2')
    await publish('other', 'other.2', form('c'))
    later(5000)
    expect((await elsewhere.inForce('other', services.now())).version).toBe('other.3')
  })

  it('does not know a form that does not exist', async () => {
    await expect(services.forms.inForce('nobody', services.now())).rejects.toMatchObject({ code: 'request.notFound' })
    for (const version of ['nobody.1', '', 'vip.1\u0000', '\ud800', '__proto__']) expect(await services.forms.find(version)).toBeNull()
  })
})
