import { VendorError } from './endpoint.ts'
import type { VendorCall } from './endpoint.ts'

/** 40063: some parameters are empty. */
const EMPTY_PARAMETER = 40063

function badArgument(call: VendorCall, key: string): VendorError {
  return new VendorError(call.state.settings.switches.codes.badArgument, `invalid parameter ${key}`)
}

export function optionalString(call: VendorCall, key: string): string | undefined {
  const value = call.body[key]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw badArgument(call, key)
  return value
}

/** @throws VendorError `errcode` (40063 unless told) when missing or empty */
export function requiredString(call: VendorCall, key: string, errcode: number = EMPTY_PARAMETER): string {
  const value = optionalString(call, key)
  if (!value) throw new VendorError(errcode, `missing ${key}`)
  return value
}

export function requiredQuery(call: VendorCall, key: string, errcode: number = EMPTY_PARAMETER): string {
  const value = call.query[key]
  if (!value) throw new VendorError(errcode, `missing ${key}`)
  return value
}

export function optionalInteger(call: VendorCall, key: string): number | undefined {
  const value = call.body[key]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value)) throw badArgument(call, key)
  return value
}

export function optionalBoolean(call: VendorCall, key: string): boolean | undefined {
  const value = call.body[key]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw badArgument(call, key)
  return value
}

export function stringList(call: VendorCall, key: string): string[] {
  const value = call.body[key] ?? []
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) throw badArgument(call, key)
  return value as string[]
}

export function integerList(call: VendorCall, key: string): number[] {
  const value = call.body[key] ?? []
  if (!Array.isArray(value) || value.some((item) => !Number.isInteger(item))) throw badArgument(call, key)
  return value as number[]
}

export function recordList(call: VendorCall, key: string): ReadonlyArray<Readonly<Record<string, unknown>>> {
  const value = call.body[key] ?? []
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'object' || item === null)) throw badArgument(call, key)
  return value as Array<Record<string, unknown>>
}

/** Refuses text longer than the documented number of characters. */
export function limitCharacters(call: VendorCall, key: string, text: string | undefined, limit: number): void {
  if (text !== undefined && [...text].length > limit) throw badArgument(call, key)
}

/** Refuses text longer than the documented number of UTF-8 bytes. */
export function limitBytes(call: VendorCall, key: string, text: string | undefined, limit: number): void {
  if (text !== undefined && Buffer.byteLength(text) > limit) throw badArgument(call, key)
}

const CURSOR_PREFIX = 'cur'

/** Opaque cursor of a position. */
export function writeCursor(position: number): string {
  return Buffer.from(`${CURSOR_PREFIX}${position}`).toString('base64url')
}

export function readCursor(call: VendorCall): number {
  const cursor = optionalString(call, 'cursor')
  if (!cursor) return 0
  const text = Buffer.from(cursor, 'base64url').toString()
  const position = Number(text.slice(CURSOR_PREFIX.length))
  if (!text.startsWith(CURSOR_PREFIX) || !Number.isInteger(position) || position < 0) throw badArgument(call, 'cursor')
  return position
}
