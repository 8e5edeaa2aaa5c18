import * as v from 'valibot'

/** An id of ours: a UUID (version 7, made by the application). */
export const idSchema = v.pipe(v.string(), v.uuid('必须是 UUID'))

/** The 22-character token that is the mini-program `scene` and the contact way's `state` at once: 128 bits in base62 (R13). */
export const channelTokenSchema = v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{22}$/, '必须是 22 位字母或数字'))

/** The customer's id as WeCom knows them: `wm…` a WeChat user, `wo…` a WeCom user of another corp; at most 64 bytes. */
export const externalUserIdSchema = v.pipe(v.string(), v.regex(/^w[mo][0-9A-Za-z_-]{1,62}$/, '不是有效的外部联系人 ID'))

/** A WeCom corp tag id, `et…`, at most 64 bytes. */
export const corpTagIdSchema = v.pipe(v.string(), v.regex(/^et[0-9A-Za-z_-]{1,62}$/, '不是有效的企业标签 ID'))

/** An instant, ISO 8601 in UTC. */
export const instantSchema = v.pipe(v.string(), v.isoTimestamp('必须是 ISO 8601 时间'))
