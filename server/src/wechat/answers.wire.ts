import { AppError } from '@qihui/shared/errors'
import * as v from 'valibot'
import type { VendorJson } from '../vendor/transport.ts'

/** Reads an answer in the shape it must have. @throws AppError `vendor.unavailable` */
export function readWire<Schema extends v.GenericSchema>(schema: Schema, json: VendorJson): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, json)
  if (!parsed.success) throw new AppError('vendor.unavailable')
  return parsed.output
}

export const accessTokenWire = v.object({ access_token: v.string(), expires_in: v.number() })

/** `session_key` is deliberately not read: it stays out of every object of ours. */
export const sessionWire = v.object({ openid: v.pipe(v.string(), v.minLength(1)), unionid: v.optional(v.string(), '') })

export const phoneWire = v.object({ phone_info: v.object({ purePhoneNumber: v.string(), countryCode: v.string() }) })

export const urlLinkWire = v.object({ url_link: v.string() })

export const riskRankWire = v.object({ risk_rank: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4)) })

/** `is_snapshotuser` is there, as 1, for the made-up account behind a snapshot page only (platform 9). */
export const officialAccountWire = v.object({ openid: v.pipe(v.string(), v.minLength(1)), unionid: v.optional(v.string(), ''), is_snapshotuser: v.optional(v.number(), 0) })

export const ticketWire = v.object({ ticket: v.pipe(v.string(), v.minLength(1)), expires_in: v.number() })
