import type { DeadLetter } from '@qihui/shared/health'
import { beijingLabel } from '../../labels/beijing.ts'

const nouns: Readonly<Record<string, string>> = {
  externalUserId: '客户',
  staffUserId: '员工',
  personId: '人员编号',
  memberId: '会员编号',
  channelId: '渠道编号',
  deliveryId: '消息编号',
  erasureId: '注销申请',
  segmentId: '分群编号',
  changeId: '修改编号',
  endedBy: '结束方',
  endedAtMs: '结束时间',
  receivedAtMs: '收到时间',
  days: '沉默天数',
  addTagIds: '添加标签',
  removeTagIds: '移除标签',
  askedBy: '发起人',
}
const sides: Readonly<Record<string, string>> = { staff: '员工', customer: '客户', transfer: '客户转接' }
const isInstant = /^\d{4}-\d{2}-\d{2}T/

/** What a job was about, in words: `客户 wm…`. */
export function aboutWhat({ payload }: Pick<DeadLetter, 'payload'>): string[] {
  const order = Object.keys(nouns)
  return [...payload].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)).map(({ name, value }) => `${nouns[name] ?? name} ${name === 'endedBy' ? (sides[value] ?? value) : isInstant.test(value) ? beijingLabel(value) : value}`)
}

const isChinese = /\p{Script=Han}/u

/** Why the last run failed; `original` is what only somebody who looks after the servers can use. */
export function causeOf({ failure, job }: Pick<DeadLetter, 'failure' | 'job'>, queue: string): { readonly words: string; readonly original: string | null } {
  if (queue === 'unhandled') return { words: `正在运行的版本没有“${job}”这种任务`, original: null }
  if (failure === null) return { words: '没有留下原因', original: null }
  if (failure.code === 'timedOut') return { words: '执行超时，或执行时服务器中断', original: null }
  if (isChinese.test(failure.message)) return { words: failure.message, original: null }
  return { words: '程序内部错误，请把下面的信息交给技术人员', original: failure.code === null ? failure.message : `${failure.code} ${failure.message}` }
}

/** What to know before a queue is run again. */
export const queueNotes: Readonly<Record<string, string>> = {
  sendWelcome: '欢迎语只在客户添加后的 20 秒内有效，重新执行也不会补发，可以直接丢弃。',
  unhandled: '这些任务来自其他版本的服务器。升级或回退到对应版本后重新执行。',
  compareContactLists: '客户名单每小时自动核对一次，下一次成功后这些任务可以丢弃。',
  reconcileContacts: '客户全量对账每天凌晨自动执行一次，下一次成功后这些任务可以丢弃。',
}
