import * as v from 'valibot'
import { phoneText } from '../member/phoneText.ts'
import { cleanText, plainText } from './cleanText.ts'
import type { FormField } from './contract.ts'
import { readDate, shownDate } from './readDate.ts'
import type { AnswerValue, Parsers } from './types.ts'

/** What became of one raw answer. `shown` is how it was understood, for the person to confirm (R14). */
export type Coerced =
  | { readonly kind: 'value'; readonly value: AnswerValue; readonly shown: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'problem'; readonly message: string }

const defaultMaxLength = 100
/** Longest address of RFC 5321. */
const emailMaxLength = 254
/** Beyond that a double no longer keeps every digit a person typed. */
const mostDigits = 15
const yes = ['是', '有', '对', 'yes', 'y', 'true', '1', '√']
const no = ['否', '无', '没有', '不是', 'no', 'n', 'false', '0', '×']
const emailAddress = v.pipe(v.string(), v.maxLength(emailMaxLength), v.email())

const problem = (message: string): Coerced => ({ kind: 'problem', message })
const understood = (value: AnswerValue, shown = String(value)): Coerced => ({ kind: 'value', value, shown })

function coerceText(field: FormField, raw: AnswerValue): Coerced {
  const text = cleanText(String(raw))
  const most = field.maxLength ?? defaultMaxLength
  return Array.from(text).length > most ? problem(`最多 ${most} 个字`) : understood(text)
}

/** By value first, then by what the person reads: a spreadsheet carries labels. */
function coerceChoice(field: FormField, raw: AnswerValue): Coerced {
  const text = plainText(String(raw))
  const options = field.options ?? []
  const chosen = options.find(({ value }) => plainText(value) === text) ?? options.find(({ label }) => plainText(label) === text)
  return chosen ? understood(chosen.value, chosen.label) : problem(`请从给出的选项中选择：${options.map(({ label }) => label).join('、')}`)
}

function coerceDate(raw: AnswerValue, parsers: Parsers): Coerced {
  if (typeof raw === 'boolean') return problem('看不懂这个日期，请写成 2026-03-05 的样子')
  const reading = readDate(raw, parsers)
  return 'problem' in reading ? problem(reading.problem) : understood(reading.value, shownDate(reading.value))
}

function coerceRegion(raw: AnswerValue, parsers: Parsers): Coerced {
  const [code, ...others] = parsers.regions(plainText(String(raw)))
  if (code === undefined) return problem('没有找到这个地区，请写成“广东省 深圳市 南山区”的样子')
  if (others.length === 0) return understood(code, parsers.regionName(code) ?? code)
  const names = [code, ...others].slice(0, 3).map((each) => parsers.regionName(each) ?? each)
  return problem(`这个地名有多处（${names.join('；')}${others.length > 2 ? '等' : ''}），请写全省、市、区`)
}

function coercePhone(raw: AnswerValue, parsers: Parsers): Coerced {
  const phone = parsers.phone(String(raw))
  if (phone === null) return problem('手机号格式无法识别，请检查；境外号码请以 + 和国家代码开头')
  return understood(phone, phoneText(phone))
}

function coerceEmail(raw: AnswerValue): Coerced {
  const text = plainText(String(raw)).replace(/ /g, '')
  if (!v.is(emailAddress, text)) return problem('邮箱格式不正确，例如 name@example.com')
  const at = text.lastIndexOf('@')
  // Only the domain is the same in any case; the local part is its owner's business.
  return understood(text.slice(0, at) + text.slice(at).toLowerCase())
}

function coerceNumber(field: FormField, raw: AnswerValue): Coerced {
  const text = plainText(String(raw)).replace(/ /g, '')
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replace(/,/g, '') : text
  if (typeof raw === 'boolean' || !/^[+-]?(\d+(\.\d+)?|\.\d+)$/.test(plain) || plain.replace(/\D/g, '').length > mostDigits) return problem('请填写数字')
  // Adding zero turns minus zero into zero: it would not be the same answer twice.
  const value = Number(plain) + 0
  if (field.min !== undefined && value < field.min) return problem(`不能小于 ${field.min}`)
  if (field.max !== undefined && value > field.max) return problem(`不能大于 ${field.max}`)
  return understood(value)
}

function coerceYesNo(raw: AnswerValue): Coerced {
  const text = plainText(String(raw)).toLowerCase()
  if (yes.includes(text)) return understood(true, '是')
  return no.includes(text) ? understood(false, '否') : problem('请选择“是”或“否”')
}

/**
 * One raw answer as its field means it: the one function every channel goes through (R14, domain rules j). Total: whatever
 * comes in, the result is a value, "nothing was answered" or a sentence that says what to change. Idempotent: a value coerces to itself.
 */
export function coerceValue(field: FormField, raw: AnswerValue | null, parsers: Parsers): Coerced {
  if (raw === null || cleanText(String(raw)) === '') return { kind: 'empty' }
  switch (field.type) {
    case 'text':
      return coerceText(field, raw)
    case 'choice':
      return coerceChoice(field, raw)
    case 'date':
      return coerceDate(raw, parsers)
    case 'region':
      return coerceRegion(raw, parsers)
    case 'phone':
      return coercePhone(raw, parsers)
    case 'email':
      return coerceEmail(raw)
    case 'number':
      return coerceNumber(field, raw)
    case 'yesNo':
      return coerceYesNo(raw)
  }
}
