import { AppError } from '@qihui/shared/errors'
import type Koa from 'koa'
import getRawBody from 'raw-body'

/** Largest JSON body of any contract. */
const jsonLimitBytes = 64 * 1024
/** Nesting beyond this is an attack on the parser, not a form. */
const maxDepth = 32

/** The raw bytes of a request. @throws AppError `request.tooLarge`, `request.malformed` (connection cut, wrong length) */
export async function readBytes(ctx: Koa.Context, limitBytes: number): Promise<Buffer> {
  try {
    return await getRawBody(ctx.req, { limit: limitBytes, length: ctx.req.headers['content-length'] ?? null })
  } catch (error) {
    const isTooLarge = error instanceof Error && 'type' in error && error.type === 'entity.too.large'
    throw new AppError(isTooLarge ? 'request.tooLarge' : 'request.malformed')
  }
}

function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, (depth += 1))
    else if (code === 0x5d || code === 0x7d) depth -= 1
  }
  return deepest
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
  if (depthOf(text) > maxDepth) throw new AppError('request.malformed', '请求内容嵌套过深')
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError('request.malformed', '请求内容不是有效的 JSON')
  }
}
