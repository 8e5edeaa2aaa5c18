import { areaList } from '@vant/area-data'

/** One administrative division with the names above it, largest first, as people say them. */
interface Division {
  readonly code: string
  /** Per level the full name and, where people leave the suffix out, the short one. */
  readonly levels: readonly (readonly string[])[]
}

/** Levels that exist in the code table only: nobody writes them. */
const unspoken = new Set(['市辖区', '县', '省直辖县', '自治区直辖县级行政区划'])

function spellingsOf(name: string, suffix: RegExp): readonly string[] {
  const short = name.replace(suffix, '')
  // `沙县` stays `沙县`: one character names nothing.
  return short === name || Array.from(short).length < 2 ? [name] : [name, short]
}
const provinceSuffix = /(省|市|特别行政区|(壮族|回族|维吾尔)?自治区)$/
const citySuffix = /(?<!自治)(市|地区|盟)$/
const countySuffix = /(?<!自治)(区|县|市|旗)$/

function divisionsOf({ province_list: provinces, city_list: cities, county_list: counties }: typeof areaList): Map<string, Division> {
  const divisions = new Map<string, Division>()
  for (const [code, name] of Object.entries(provinces)) divisions.set(code, { code, levels: [spellingsOf(name, provinceSuffix)] })
  for (const [code, name] of Object.entries(cities)) {
    const province = divisions.get(`${code.slice(0, 2)}0000`)?.levels ?? []
    // A municipality is its own city: said once.
    const isSaid = unspoken.has(name) || province[0]?.[0] === name
    divisions.set(code, { code, levels: isSaid ? province : [...province, spellingsOf(name, citySuffix)] })
  }
  for (const [code, name] of Object.entries(counties)) {
    const above = divisions.get(`${code.slice(0, 4)}00`)?.levels ?? []
    divisions.set(code, { code, levels: unspoken.has(name) ? above : [...above, spellingsOf(name, countySuffix)] })
  }
  return divisions
}

/** Six-digit codes of GB/T 2260, 3,900 of them, names from the kept table. */
const divisions = divisionsOf(areaList)

/** Whether the text is these levels in a row, from large to small; larger ones may be left out, the last one not. */
function isSpelled(levels: Division['levels'], text: string): boolean {
  const [first, ...rest] = levels
  if (first === undefined) return false
  if (rest.length === 0) return first.includes(text)
  return isSpelled(rest, text) || first.some((spelling) => text.startsWith(spelling) && isSpelled(rest, text.slice(spelling.length)))
}

/** The larger of two divisions where one lies in the other: a municipality and its city are one place. */
function isWithin(inner: string, outer: string): boolean {
  return inner !== outer && inner.startsWith(outer.replace(/(00){1,2}$/, ''))
}

/** `广东省 深圳市 南山区` of a six-digit code, null for a code that does not exist. */
export function divisionName(code: string): string | null {
  return divisions.get(code)?.levels.map(([name]) => name).join(' ') ?? null
}

/**
 * Codes of every division a text can mean: a six-digit code itself, or names from large to small, with or without blanks, commas,
 * slashes or suffixes. Of places inside each other only the outermost; several results mean the text is ambiguous.
 */
export function divisionsNamed(text: string): string[] {
  if (/^\d{6}$/.test(text)) return divisions.has(text) ? [text] : []
  const compact = text.replace(/[\s,，、/|·-]/g, '')
  const named = [...divisions.values()].filter(({ levels }) => levels.at(-1)?.some((spelling) => compact.endsWith(spelling)) && isSpelled(levels, compact)).map(({ code }) => code)
  return named.filter((code) => !named.some((other) => isWithin(code, other)))
}
