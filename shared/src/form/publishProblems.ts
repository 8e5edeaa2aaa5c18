import { memberFields } from '../member/fields.ts'
import { plainText } from './cleanText.ts'
import type { FormDefinition, FormField, PublishProblem } from './contract.ts'
import { conditionDepthLimit } from './isVisible.ts'
import { orderedFields } from './readAnswers.ts'
import type { AnswerValue, Condition } from './types.ts'

/** Fields of the first step: more cost registrations (domain rules j 1). Conditional fields count, they may all be shown. */
const firstStepMost = 5
const firstStepWarning = 4
const phoneKey = 'phone'
const reservedKeys: ReadonlySet<string> = new Set(Object.keys(memberFields).filter((key) => key !== phoneKey))

function depthOf(condition: Condition): number {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return 1 + Math.max(0, ...condition.of.map(depthOf))
    case 'not':
      return 1 + depthOf(condition.of)
    default:
      return 1
  }
}

function leavesOf(condition: Condition): Exclude<Condition, { kind: 'all' | 'any' | 'not' }>[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(leavesOf)
    case 'not':
      return leavesOf(condition.of)
    default:
      return [condition]
  }
}

/** What a condition may compare an answer of this field with. */
function canBe(field: FormField, value: AnswerValue): boolean {
  if (field.type === 'choice') return (field.options ?? []).some((option) => option.value === value)
  if (field.type === 'yesNo') return typeof value === 'boolean'
  return field.type === 'number' ? typeof value === 'number' : typeof value === 'string'
}

function conditionProblems(field: FormField, earlier: ReadonlyMap<string, FormField>, all: ReadonlySet<string>): string[] {
  if (field.visibleIf === undefined) return []
  if (depthOf(field.visibleIf) > conditionDepthLimit) return [`显示条件最多嵌套 ${conditionDepthLimit} 层`]
  return leavesOf(field.visibleIf).flatMap((leaf) => {
    const named = earlier.get(leaf.field)
    if (leaf.field === field.key) return ['显示条件不能引用字段自身']
    if (named === undefined) return [all.has(leaf.field) ? `显示条件引用的“${leaf.field}”排在本字段之后` : `显示条件引用了不存在的字段“${leaf.field}”`]
    if (named.confirmation === 'code') return ['显示条件不能引用通过授权获取的手机号']
    if (leaf.kind === 'atLeast' && named.type !== 'number') return [`“${named.label}”不是数字，不能用“不小于”作条件`]
    if (leaf.kind === 'equals' && !canBe(named, leaf.value)) return [`“${named.label}”不可能等于“${String(leaf.value)}”`]
    if (leaf.kind === 'oneOf' && !leaf.values.every((value) => canBe(named, value))) return [`“${named.label}”的条件值不在可选范围内`]
    return []
  })
}

function optionProblems(field: FormField): string[] {
  if (field.type !== 'choice') return field.options === undefined ? [] : ['只有单选字段可以有选项']
  if (field.options === undefined || field.options.length === 0) return ['单选字段至少需要一个选项']
  const values = field.options.map(({ value }) => plainText(value))
  const labels = field.options.map(({ label }) => plainText(label))
  return new Set(values).size < values.length || new Set(labels).size < labels.length ? ['选项的值和名称都不能重复'] : []
}

function phoneProblems(field: FormField): string[] {
  const isVerified = field.confirmation === 'code'
  if (field.key === phoneKey && (field.type !== 'phone' || !isVerified)) return ['字段名 phone 仅用于验证码确认的手机号，类型须为手机号']
  return isVerified && field.key !== phoneKey ? ['只有 phone 字段可以用验证码确认'] : []
}

function necessityProblems(field: FormField): string[] {
  const missing = [
    ...(field.purpose === undefined || field.purpose === '' ? ['请填写用途'] : []),
    ...(field.legalBasis === undefined ? ['请选择合法性基础'] : []),
    ...(field.retentionDays === undefined ? ['请填写保存期限'] : []),
    ...(field.class === 'S' && (field.assessmentId === undefined || field.assessmentId === '') ? ['敏感字段须填写个人信息保护影响评估编号'] : []),
    ...(field.class === 'S' && field.legalBasis === 'contract' ? ['敏感字段须以单独同意为合法性基础'] : []),
  ]
  return missing
}

function rangeProblems(field: FormField): string[] {
  return field.min !== undefined && field.max !== undefined && field.min > field.max ? ['最小值不能大于最大值'] : []
}

function confirmationProblems(field: FormField): string[] {
  return field.isRequired && field.confirmation === 'none' ? ['必填字段需要二次确认：请选择“回显确认”'] : []
}

function fieldErrors(field: FormField, earlier: ReadonlyMap<string, FormField>, all: ReadonlySet<string>, types: ReadonlyMap<string, FormField['type']>): string[] {
  const former = types.get(field.key)
  return [
    ...(reservedKeys.has(field.key) ? ['这个字段名已被系统使用，请换一个'] : []),
    ...(former !== undefined && former !== field.type ? ['以前的版本用这个字段名收集过另一种类型的信息，请换一个字段名'] : []),
    ...(earlier.has(field.key) ? ['字段名重复'] : []),
    ...necessityProblems(field),
    ...phoneProblems(field),
    ...optionProblems(field),
    ...rangeProblems(field),
    ...confirmationProblems(field),
    ...conditionProblems(field, earlier, all),
  ]
}

function stepProblems(fields: readonly FormField[]): PublishProblem[] {
  const problems: PublishProblem[] = []
  const steps = [...new Set(fields.map((field) => field.step))].sort((a, b) => a - b)
  const gap = steps.findIndex((step, index) => step !== index + 1)
  if (gap !== -1) problems.push({ level: 'error', field: null, message: `步骤须从 1 开始连续编号，缺少第 ${gap + 1} 步` })
  const first = fields.filter((field) => field.step === 1).length
  if (first > firstStepMost) problems.push({ level: 'error', field: null, message: `第一步最多 ${firstStepMost} 个字段（含按条件显示的），现在有 ${first} 个；请把其余字段移到后面的步骤` })
  else if (first >= firstStepWarning) problems.push({ level: 'warning', field: null, message: `第一步有 ${first} 个字段，越少越容易完成` })
  return problems
}

/**
 * The publish gate (R62, domain rules j 1): every field says what it is for, on what basis and how long it is kept, the first step is
 * short, sensitive fields were assessed, conditions can be answered. Only `error` refuses; warnings are for the reviewer.
 * @param former earlier versions of the same form: a key never changes its type, its old answers would be misread
 */
export function publishProblems(definition: FormDefinition, former: readonly FormDefinition[] = []): PublishProblem[] {
  const fields = orderedFields(definition)
  if (fields.length === 0) return [{ level: 'error', field: null, message: '登记表至少需要一个字段' }]
  const types = new Map(former.flatMap((version) => version.fields.map((field) => [field.key, field.type] as const)))
  const all = new Set(fields.map((field) => field.key))
  const earlier = new Map<string, FormField>()
  const problems: PublishProblem[] = []
  for (const field of fields) {
    for (const message of fieldErrors(field, earlier, all, types)) problems.push({ level: 'error', field: field.key, message })
    if (field.class === 'S' && field.isRequired) problems.push({ level: 'warning', field: field.key, message: '敏感字段设为必填：不提供就无法入会，请确认确有必要' })
    earlier.set(field.key, field)
  }
  return [...problems, ...stepProblems(fields)]
}
