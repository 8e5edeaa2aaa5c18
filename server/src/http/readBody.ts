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
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError('request.malformed', '请求内容不是有效的 JSON')
  }
}
