import * as v from 'valibot'

export const accessTokenWire = v.object({ access_token: v.string(), expires_in: v.number() })

/** `session_key` is deliberately not read: it stays out of every object of ours. */
export const sessionWire = v.object({ openid: v.pipe(v.string(), v.minLength(1)), unionid: v.optional(v.string(), '') })

export const phoneWire = v.object({ phone_info: v.object({ purePhoneNumber: v.string(), countryCode: v.string() }) })

export const urlLinkWire = v.object({ url_link: v.string() })
