import type { ErrorCode } from '@qihui/shared/errors'
import { ApiProblem } from '../api/ApiProblem.ts'
import { WecomError } from '../wecom/WecomError.ts'

/** What went wrong in the words of the rep, and the one thing to do about it. */
export interface Failure {
  readonly kind: 'offline' | 'timeout' | 'rateLimited' | 'expired' | 'server' | 'forbidden' | 'notFollowing' | 'refused' | 'client'
  readonly title: string
  readonly detail: string
  readonly action: 'retry' | 'login' | 'none'
  /** Number to give to support; null when the server did not answer. */
  readonly requestId: string | null
}

type Words = Omit<Failure, 'requestId'>

const wordsByCode: Partial<Record<ErrorCode, Words>> = {
  'contact.notFollowing': {
    kind: 'notFollowing',
    title: '您没有查看这位客户的权限',
    detail: '只有添加了该客户的成员可以查看资料。请先添加客户，或请跟进同事协助。',
    action: 'retry',
  },
  'rights.denied': { kind: 'forbidden', title: '您没有此项权限', detail: '如有需要，请联系系统管理员授予角色。', action: 'retry' },
  'staff.notMember': { kind: 'forbidden', title: '仅限本企业成员使用', detail: '当前账号不是本企业成员，无法查看会员资料。', action: 'login' },
  'staff.outOfScope': {
    kind: 'forbidden',
    title: '您暂时不能使用会员名片',
    detail: '您不在应用的可见范围内，请联系企业微信管理员添加后再试。',
    action: 'retry',
  },
  'vendor.unavailable': { kind: 'server', title: '企业微信服务暂时不可用', detail: '这通常会很快恢复，请稍后重试。', action: 'retry' },
  'vendor.configuration': {
    kind: 'server',
    title: '与企业微信的连接配置有误',
    detail: '请联系管理员检查应用密钥、可信 IP 与可信域名。',
    action: 'retry',
  },
}

const offline: Words = { kind: 'offline', title: '网络连接不上', detail: '请检查手机或电脑的网络，然后重试。', action: 'retry' }
const timeout: Words = { kind: 'timeout', title: '网络有点慢', detail: '等了一会儿还没有收到回应，请重试。', action: 'retry' }
const expired: Words = { kind: 'expired', title: '登录已过期', detail: '为保护会员资料，请重新登录后继续。', action: 'login' }
const server: Words = { kind: 'server', title: '服务暂时不可用', detail: '问题出在我们这边，请稍后重试。', action: 'retry' }

function rateLimited(seconds: number | null): Words {
  const detail = seconds === null ? '请稍等片刻再试。' : `请等待 ${seconds} 秒后再试。`
  return { kind: 'rateLimited', title: '操作太频繁了', detail, action: 'retry' }
}

function wordsForProblem(problem: ApiProblem): Words {
  const known = problem.code ? wordsByCode[problem.code] : undefined
  if (known) return known
  if (problem.kind === 'unreachable') return offline
  if (problem.kind === 'timeout') return timeout
  if (problem.kind === 'unreadable') return { ...server, detail: '收到的内容无法识别，可能被网络拦截，请重试。' }
  if (problem.status === 401) return expired
  if (problem.status === 429) return rateLimited(problem.retryAfterSeconds)
  if (problem.status >= 500) return server
  const reason = problem.errors[0]?.message ?? problem.detail ?? '请刷新后再试。'
  return { kind: 'refused', title: problem.title ?? '这次操作没有成功', detail: reason, action: 'retry' }
}

function wordsForClient(error: WecomError): Words {
  switch (error.kind) {
    case 'signatureRefused':
      return { kind: 'client', title: '企业微信未能验证本页面', detail: '请重试。若一直出现，请管理员检查应用的可信域名是否与本页网址一致。', action: 'retry' }
    case 'noPermission':
      return { kind: 'client', title: '应用缺少客户联系权限', detail: '请管理员在企业微信后台为本应用和您开通“客户联系”权限。', action: 'retry' }
    case 'noContext':
      return { kind: 'client', title: '没有识别到当前客户', detail: '请回到与客户的单聊，重新打开侧边栏。', action: 'retry' }
    case 'timeout':
      return { kind: 'client', title: '企业微信没有回应', detail: '请重试；若仍无回应，请关闭侧边栏后重新打开。', action: 'retry' }
    default:
      return { kind: 'client', title: '企业微信没有完成这次操作', detail: '请重试；若一直出现，请升级企业微信后再试。', action: 'retry' }
  }
}

/** Turns whatever a call rejected with into one page state; each cause has its own words (trust test 68). */
export function failureFor(error: unknown): Failure {
  if (error instanceof ApiProblem) return { ...wordsForProblem(error), requestId: error.requestId }
  if (error instanceof WecomError) return { ...wordsForClient(error), requestId: null }
  return { ...server, detail: '页面遇到了意外情况，请重试。', requestId: null }
}
