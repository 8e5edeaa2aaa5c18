import { ApiProblem } from '../../api/ApiProblem.ts'

/** What has to happen before the next try. */
export type Fate = 'repeat' | 'renew' | 'askConsentAgain' | 'askFormAgain' | 'confirmAgain' | 'logInAgain' | 'reload'

/** A refused registration: what to say, and what to do. */
export interface Refusal {
  readonly text: string
  readonly fate: Fate
}

const unreachable: Refusal = { text: '网络不太顺畅，内容已保留，请再试一次', fate: 'repeat' }

const known: Readonly<Record<string, Refusal>> = {
  'consent.required': { text: '请先阅读并同意隐私政策', fate: 'askConsentAgain' },
  'consent.policyOutdated': { text: '隐私政策有重要更新，请重新阅读并同意', fate: 'askConsentAgain' },
  'form.outdated': { text: '登记表已更新，您填写的内容已保留，请再核对一次', fate: 'askFormAgain' },
  'form.unconfirmed': { text: '请核对下列内容', fate: 'confirmAgain' },
  'session.missing': { text: '登录已过期，请重新登录', fate: 'logInAgain' },
  'session.expired': { text: '登录已过期，请重新登录', fate: 'logInAgain' },
  'invite.closed': { text: '该邀请已失效', fate: 'reload' },
  'idempotency.inProgress': { text: '正在处理，请稍候再试', fate: 'repeat' },
  'request.rateLimited': { text: '操作太频繁，请稍候再试', fate: 'repeat' },
}

/** Reads why something did not work out. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ApiProblem)) throw error
  if (error.kind !== 'refused') return unreachable
  const refusal = known[error.code ?? '']
  if (refusal) return refusal
  if (error.status >= 500) return { text: '服务暂时不可用，内容已保留，请稍后再试', fate: 'repeat' }
  return { text: error.detail ?? error.title ?? '没有成功，请稍后再试', fate: 'renew' }
}

/** What to change in the answers, by field. */
export function wrongAnswersOf(error: unknown): { readonly key: string; readonly message: string }[] {
  const prefix = 'body.answers.'
  const problems = error instanceof ApiProblem ? error.errors.filter(({ path }) => path.startsWith(prefix)) : []
  return problems.map(({ path, message }) => ({ key: path.slice(prefix.length), message }))
}
