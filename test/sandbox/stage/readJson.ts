import type { Context } from 'koa'
import rawBody from 'raw-body'

const maximumBytes = '64kb'

/** A request of the control API that cannot be carried out; the message says what to change. */
export class ControlError extends Error {
  readonly status: number
  readonly errno: number | undefined

  constructor(status: number, message: string, errno?: number) {
    super(message)
    this.name = 'ControlError'
    this.status = status
    this.errno = errno
  }
}

/** The JSON object in the body. @throws ControlError when there is none. */
export async function readJson(koa: Context): Promise<Record<string, unknown>> {
  const text = await rawBody(koa.req, { limit: maximumBytes, encoding: 'utf8' })
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  } catch {
    throw new ControlError(400, '请求内容不是有效的 JSON')
  }
  throw new ControlError(400, '请求内容必须是一个 JSON 对象')
}

/** A text field of the body. @throws ControlError naming it. */
export function text(body: Record<string, unknown>, field: string): string {
  const value = body[field]
  if (typeof value !== 'string' || value === '') throw new ControlError(400, `缺少 ${field}`)
  return value
}

/** A text field that may be absent. @throws ControlError when it is something else. */
export function optionalText(body: Record<string, unknown>, field: string): string | undefined {
  return body[field] === undefined || body[field] === null ? undefined : text(body, field)
}

/** A whole number inside its limits. @throws ControlError naming field and limits. */
export function wholeNumber(body: Record<string, unknown>, field: string, minimum: number, maximum: number): number {
  const value = body[field]
  if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum) {
    throw new ControlError(400, `${field} 必须是 ${minimum} 到 ${maximum} 之间的整数`)
  }
  return value
}
