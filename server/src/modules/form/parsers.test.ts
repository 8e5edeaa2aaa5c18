import { randomBytes } from 'node:crypto'
import { coerceValue, type AnswerValue, type FormField } from '@qihui/shared/form'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFieldCipher } from '../../security/fieldCipher.ts'
import { parsers } from './parsers.ts'

function field(type: FormField['type'], more: Partial<FormField> = {}): FormField {
  return { key: 'answer', label: '答案', type, class: 'N', purpose: '测试', legalBasis: 'consent', retentionDays: 30, isRequired: false, step: 1, confirmation: 'none', ...more }
}
/** The value, or the message of the problem. */
function read(of: FormField, raw: AnswerValue | null): unknown {
  const coerced = coerceValue(of, raw, parsers)
  return coerced.kind === 'value' ? coerced.value : coerced.kind === 'problem' ? `!${coerced.message}` : coerced.kind
}

describe('dates', () => {
  it.each<[string | number, string]>([
    ['2026/3/5', '2026-03-05'],
    ['2026-03-05', '2026-03-05'],
    ['2026年3月5日', '2026-03-05'],
    ['2026 年 3 月 5 号', '2026-03-05'],
    ['2026.3.5', '2026-03-05'],
    ['20260305', '2026-03-05'],
    [20260305, '2026-03-05'],
    ['２０２６－０３－０５', '2026-03-05'],
    ['２０２６／３／５', '2026-03-05'],
    ['2026—03—05', '2026-03-05'],
    [' 2026-03-05 00:00:00 ', '2026-03-05'],
    ['2024-2-29', '2024-02-29'],
    [45000, '2023-03-15'],
    ['45000', '2023-03-15'],
    [45000.75, '2023-03-15'],
    [1, '1900-01-01'],
    [59, '1900-02-28'],
    [61, '1900-03-01'],
    ['25/12/2026', '2026-12-25'],
    ['12/25/2026', '2026-12-25'],
    ['05/05/2026', '2026-05-05'],
  ])('reads %s as %s', (raw, day) => {
    expect(read(field('date'), raw)).toBe(day)
  })

  it('refuses what can be read in two ways, and names both', () => {
    expect(read(field('date'), '03/04/2026')).toBe('!这个日期可以是2026年3月4日，也可以是2026年4月3日，请写成 2026-03-04 的样子')
    expect(read(field('date'), 1990)).toBe('!1990 可以是年份，也可以是表格里的日期序号，请写成 2026-03-05 的样子')
  })

  it.each(['2026-02-29', '2026-13-01', '2026/3-5', '26-3-5', '1990', '60', '明天', '2026-03-05T16:00:00Z', '1899-12-31', '2101-01-01', '31/04/2026'])('refuses %s', (raw) => {
    expect(read(field('date'), raw)).toMatch(/^!/)
  })

  it('does not believe in the 29 February 1900 of spreadsheets', () => {
    expect(read(field('date'), 60)).toMatch(/^!1900年2月29日并不存在/)
    expect(read(field('date'), '1900-02-29')).toMatch(/^!没有/)
  })

  it('reads every day the same in every spelling and as its serial', () => {
    const anyDay = fc.date({ min: new Date('1900-03-01'), max: new Date('2100-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(anyDay, (date) => {
        const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
        const iso = date.toISOString().slice(0, 10)
        const serial = Math.round((Date.parse(iso) - Date.parse('1899-12-30')) / 86_400_000)
        const spellings: (string | number)[] = [iso, `${year}/${month}/${day}`, `${year}.${month}.${day}`, `${year}年${month}月${day}日`, iso.replace(/-/g, '')]
        for (const spelling of spellings) expect(read(field('date'), spelling)).toBe(iso)
        if (serial > 2100 || serial < 1900) expect(read(field('date'), serial)).toBe(iso)
      }),
    )
  })
})

describe('phones', () => {
  const anyMobile = fc.tuple(fc.constantFrom('3', '4', '5', '6', '7', '8', '9'), fc.stringMatching(/^\d{9}$/)).map(([second, rest]) => `1${second}${rest}`)
  const anyGap = fc.constantFrom('', ' ', '-', '  ', '\u00a0', '\u3000', '\u200b', '\u202d', '\ufeff', '·', '.', '–', '－')
  const anyPrefix = fc.constantFrom('', '+86', '0086', '86', '+86 ', '+86-', '(+86)', '（＋８６）', '＋８６', '\u200e+86\u00a0', '00 86 ')
  /** One way to write one number: a prefix, gaps anywhere, brackets, full width. */
  const anySpelling = fc.tuple(anyPrefix, fc.array(anyGap, { minLength: 12, maxLength: 12 }), fc.boolean(), fc.boolean())
  function spell(mobile: string, [prefix, gaps, isWide, isBracketed]: [string, string[], boolean, boolean]): string {
    const digits = [...mobile].map((digit) => (isWide ? String.fromCharCode(digit.charCodeAt(0) + 0xfee0) : digit))
    const grouped = isBracketed ? ['(', ...digits.slice(0, 3), ')', ...digits.slice(3)] : digits
    return prefix + grouped.map((part, index) => part + (gaps[index] ?? '')).join('')
  }

  const cipher = createFieldCipher(randomBytes(32), randomBytes(32))
  const indexOf = (phone: string | null) => phone && cipher.indexOf('member.phone', phone).toString('hex')

  it('makes one E.164 and one index of 200 spellings of one number', () => {
    fc.assert(
      fc.property(anyMobile, fc.array(anySpelling, { minLength: 200, maxLength: 200 }), (mobile, spellings) => {
        const read = new Set(spellings.map((spelling) => parsers.phone(spell(mobile, spelling))))
        expect([...read]).toEqual([`+86${mobile}`])
        expect(new Set([...read].map(indexOf)).size).toBe(1)
      }),
      { numRuns: 20 },
    )
  })

  it('never makes one of two numbers', () => {
    fc.assert(
      fc.property(anyMobile, anyMobile, anySpelling, anySpelling, (one, other, first, second) => {
        fc.pre(one !== other)
        expect(indexOf(parsers.phone(spell(one, first)))).not.toBe(indexOf(parsers.phone(spell(other, second))))
      }),
    )
  })

  it.each([
    ['0755-8601 3388', '+8675586013388'],
    ['+852 9123 4567', '+85291234567'],
    ['+1 (415) 555-2671', '+14155552671'],
  ])('reads %s as %s', (raw, phone) => {
    expect(parsers.phone(raw)).toBe(phone)
  })

  it.each(['12345678901', '1380013800', '138001380001', '2026-01-01', '13800138000 转 5', '13800138000/13900139000', '电话', '', '+', '95588'])('refuses "%s"', (raw) => {
    expect(parsers.phone(raw)).toBeNull()
  })
})

describe('regions', () => {
  it.each([
    ['440305', '440305'],
    ['广东省 深圳市 南山区', '440305'],
    ['广东深圳南山', '440305'],
    ['广东省/深圳市/南山区', '440305'],
    ['北京市', '110000'],
    ['北京市朝阳区', '110105'],
    ['重庆市 城口县', '500229'],
    ['湖北省 仙桃市', '429004'],
    ['内蒙古', '150000'],
  ])('reads %s as %s', (raw, code) => {
    expect(read(field('region'), raw)).toBe(code)
  })

  it('refuses a name that several places bear, and names them', () => {
    expect(read(field('region'), '鼓楼区')).toMatch(/^!这个地名有多处（江苏省 南京市 鼓楼区；.*请写全省、市、区/)
    expect(read(field('region'), '999999')).toMatch(/^!没有找到这个地区/)
  })

  it('says a code in words that read as the same code', () => {
    for (const code of ['440305', '110105', '429004', '500229', '810101', '441904', '654028']) expect(read(field('region'), parsers.regionName(code))).toBe(code)
  })
})

describe('every type', () => {
  const options = [{ value: 'f', label: '女' }, { value: 'm', label: '男' }]
  const fields = [field('text', { maxLength: 20 }), field('choice', { options }), field('date'), field('region'), field('phone'), field('email'), field('number', { min: -5, max: 500 }), field('yesNo')]
  const anyRaw = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('女', '是', '１，２３４', '1,234', '2026/3/5', '广东省 深圳市', '13800138000', 'Name@Example.COM', '２０', '-0', ' ﬁ ', '1e5', '\u200b', NaN, Infinity, -0, 1e21),
  )

  it('is total, and a value reads as itself', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fields), anyRaw, (of, raw) => {
        const first = coerceValue(of, raw, parsers)
        if (first.kind !== 'value') return
        expect(coerceValue(of, first.value, parsers)).toEqual(first)
      }),
      { numRuns: 5000 },
    )
  })

  it.each<[FormField, AnswerValue, unknown]>([
    [field('number'), '１，２３４.5', 1234.5],
    [field('number', { max: 10 }), '11', '!不能大于 10'],
    [field('number'), '1,23', '!请填写数字'],
    [field('number'), '0x10', '!请填写数字'],
    [field('yesNo'), '是', true],
    [field('yesNo'), 0, false],
    [field('yesNo'), '也许', '!请选择“是”或“否”'],
    [field('choice', { options }), '女', 'f'],
    [field('choice', { options }), 'm', 'm'],
    [field('choice', { options }), '其他', '!请从给出的选项中选择：女、男'],
    [field('email'), ' Li@Example.COM ', 'Li@example.com'],
    [field('email'), 'li@', '!邮箱格式不正确，例如 name@example.com'],
    [field('text', { maxLength: 2 }), '𠮷野家', '!最多 2 个字'],
    [field('text'), ' 张\u200b  三\u0000 ', '张 三'],
    [field('text'), '\u200b ', 'empty'],
  ])('reads %o', (of, raw, expected) => {
    expect(read(of, raw)).toBe(expected)
  })
})
