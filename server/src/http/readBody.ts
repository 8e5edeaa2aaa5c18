import { AppError } from '@qihui/shared/errors'
import type Koa from 'koa'
import getRawBody from 'raw-body'

/** Largest JSON body of any contract. */
const jsonLimitBytes = 64 * 1024

/** The raw bytes of a request. @throws AppError `request.tooLarge`, `request.malformed` (connection cut, wrong length) */
export async function readBytes(ctx: Koa.Context, limitBytes: number): Promise<Buffer> {
  try {
    return await getRawBody(ctx.req, { limit: limitBytes, length: ctx.req.headers['content-length'] ?? null })
  } catch (error) {
    const isTooLarge = error instanceof Error && 'type' in error && error.type === 'entity.too.large'
    throw new AppError(isTooLarge ? 'request.tooLarge' : 'request.malformed')
  }
}

/** Escapes that can stand for what no text column keeps; most bodies have none and are not looked at again. */
const suspicious = /\\u(0000|d[89a-f])/i
/** NUL, and halves of a character without the other half. */
const unstorable = /\0|[\ud800-\udfff]/u

/** Without recursion: a body may be as deep as it is long. */
function isStorable(body: unknown): boolean {
  const left = [body]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'string' && unstorable.test(value)) return false
    if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) left.push(key, inner)
  }
  return true
}

/** A JSON body. @throws AppError `request.mediaType`, `request.tooLarge`, `request.malformed` */
export async function readJson(ctx: Koa.Context): Promise<unknown> {
  if (!ctx.is('application/json')) throw new AppError('request.mediaType')
  const bytes = await readBytes(ctx, jsonLimitBytes)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AppError('request.malformed', '请求内容不是有效的 UTF-8 文本')
  }
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new AppError('request.malformed', '请求内容不是有效的 JSON')
  }
  if (suspicious.test(text) && !isStorable(body)) throw new AppError('request.malformed', '请求内容含有无法保存的字符')
  return body
}
