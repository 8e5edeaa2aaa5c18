import { ApiProblem } from '../api/ApiProblem.ts'

/** What went wrong in the words of an operator. */
export interface Failure {
  readonly kind: 'offline' | 'timeout' | 'rateLimited' | 'expired' | 'forbidden' | 'conflict' | 'server' | 'refused'
  readonly title: string
  readonly detail: string
  /** What to change, by dotted path into the body: `utm.source`. */
  readonly fields: Readonly<Record<string, string>>
  /** Number to give to support; null when the server did not answer. */
  readonly requestId: string | null
}

type Words = Omit<Failure, 'requestId' | 'fields'>

const offline: Words = { kind: 'offline', title: '网络连接不上', detail: '请检查电脑的网络，然后重试。' }
const timeout: Words = { kind: 'timeout', title: '网络有点慢', detail: '等了一会儿还没有收到回应，请重试。' }
const server: Words = { kind: 'server', title: '服务暂时不可用', detail: '问题出在我们这边，请稍后重试。' }
const expired: Words = { kind: 'expired', title: '登录已过期', detail: '请重新登录后继续，正在编辑的内容会保留在本页。' }
const forbidden: Words = { kind: 'forbidden', title: '您没有这项权限', detail: '如工作需要，请联系系统管理员授予相应角色。' }

function rateLimited(seconds: number | null): Words {
  return { kind: 'rateLimited', title: '操作太频繁了', detail: seconds === null ? '请稍等片刻再试。' : `请等待 ${seconds} 秒后再试。` }
}

function wordsFor(problem: ApiProblem): Words {
  if (problem.kind === 'unreachable') return offline
  if (problem.kind === 'timeout') return timeout
  if (problem.kind === 'unreadable') return { ...server, detail: '收到的内容无法识别，可能被网络拦截，请重试。' }
  if (problem.status === 401) return expired
  if (problem.code === 'staff.notOperator') return forbidden
  if (problem.status === 429) return rateLimited(problem.retryAfterSeconds)
  if (problem.status >= 500) return server
  const lines = problem.errors.map(({ message }) => message)
  return { kind: problem.status === 409 ? 'conflict' : 'refused', title: problem.title ?? '这次操作没有成功', detail: problem.detail ?? lines.join('；') }
}

/** Turns whatever a call rejected with into words; each cause has its own (trust test 68). */
export function failureFor(error: unknown): Failure {
  if (!(error instanceof ApiProblem)) return { ...server, detail: '页面遇到了意外情况，请重试。', fields: {}, requestId: null }
  const fields = Object.fromEntries(error.errors.map(({ path, message }) => [path.replace(/^body\./, ''), message]))
  return { ...wordsFor(error), fields, requestId: error.requestId }
}
