import { beforeEach, vi } from 'vitest'
import { createWx, type WxCall } from './host/createWx.ts'
import { forgetPages } from './taroHooks.ts'

/** Answers of the server by `METHOD /path`, for tests of single pages and stores. */
export const answers = new Map<string, () => { status: number; body: unknown }>()
/** Everything the code under test asked of the client, oldest first. */
export const wxCalls: WxCall[] = []

interface RequestOptions {
  url: string
  method: string
  success: (result: object) => void
  fail: (error: { errMsg: string }) => void
}

/** `METHOD /path` of a request without its query. */
function routeOf({ method, url }: RequestOptions): string {
  return `${method} ${url.replace('https://member-api.qihui.example', '').split('?')[0]}`
}

beforeEach(() => {
  answers.clear()
  wxCalls.length = 0
  forgetPages()
  const wx = createWx({ serverUrl: () => '', storage: new Map(), onCall: (call) => void wxCalls.push(call), navigate: () => undefined })
  wx['request'] = (options: RequestOptions) => {
    wxCalls.push({ name: 'request', options: { ...options } })
    const answer = answers.get(routeOf(options))
    queueMicrotask(() => {
      if (answer === undefined) return options.fail({ errMsg: 'request:fail' })
      const { status, body } = answer()
      options.success({ statusCode: status, data: body })
    })
  }
  vi.stubGlobal('wx', wx)
  vi.stubGlobal('getCurrentPages', () => [{}])
})
