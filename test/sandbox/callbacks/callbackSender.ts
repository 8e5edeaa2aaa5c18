import { setTimeout as delay } from 'node:timers/promises'
import { sealCallback, writeEventXml } from './sealCallback.ts'
import { createSlots } from './createSlots.ts'
import { postCallback } from './postCallback.ts'
import { createReorderGate } from '../faults/holdForReorder.ts'
import { toSeconds } from '../world/state.ts'
import type { SealedCallback } from './sealCallback.ts'
import type { WorldState } from '../world/state.ts'
import type { FaultPlan } from '../faults/faultPlan.ts'
import type { CallbackEvent, CallbackSender, DeliveryRecord, SandboxClock, WireLog } from '../types.ts'

const MEANINGS: Readonly<Record<string, string>> = {
  add_external_contact: '通知：客户添加了员工',
  add_half_external_contact: '通知：客户添加了员工（免验证）',
  edit_external_contact: '通知：员工修改了客户备注或标签',
  del_external_contact: '通知：员工删除了客户',
  del_follow_user: '通知：客户删除了员工',
  create: '通知：标签库新增',
  update: '通知：标签库修改',
  delete: '通知：标签库删除',
  update_user: '通知：员工资料变更',
  delete_user: '通知：员工离开可见范围',
}
/** Connections to our server at one time; the platform's own number is not documented. */
const MAX_PUSHES = 64
const CALLBACK_PATH = '/callbacks/wecom'

interface Deps {
  readonly state: WorldState
  readonly wire: WireLog
  readonly faults: FaultPlan
  readonly serverUrl: string | null
}

/** By the sandbox's clock; ends early when the sandbox closes. */
function pause(clock: SandboxClock, milliseconds: number, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel()
      closing.removeEventListener('abort', finish)
      resolve()
    }
    const cancel = clock.after(milliseconds, finish)
    closing.addEventListener('abort', finish)
  })
}

/**
 * Pushes events to our server: encrypted, signed, 5 s each, three tries in all, then the event is gone [7.1]. Order among events is
 * not promised.
 */
export function createCallbackSender(deps: Deps): CallbackSender & { close(): void } {
  const { state, wire, faults, serverUrl } = deps
  const pending = new Set<Promise<void>>()
  const deliveries: DeliveryRecord[] = []
  const gate = createReorderGate()
  const slots = createSlots(MAX_PUSHES)
  const aborter = new AbortController()

  async function pushOnce(sealed: SealedCallback, changeType: string, isHalfOpen: boolean): Promise<boolean> {
    const leave = await slots.enter()
    const startedAt = performance.now()
    const url = `${serverUrl}${CALLBACK_PATH}?${new URLSearchParams(sealed.query)}`
    const outcome = await postCallback({
      url, body: sealed.body, timeoutMs: state.settings.callbackTimeoutMs, isHalfOpen, signal: aborter.signal,
    })
    leave()
    wire.add({
      from: 'wecom', to: 'server', what: `callback ${changeType}`, meaning: MEANINGS[changeType] ?? '通知', status: outcome.status,
      errcode: null, durationMs: Math.round(performance.now() - startedAt),
    })
    return outcome.status === 200
  }

  /** Each try is sealed once: a retry repeats the same body, as the platform repeats the same message. */
  async function deliver(event: CallbackEvent): Promise<void> {
    const now = toSeconds(state.clock.now())
    const plaintext = writeEventXml(event, now)
    const sealed = sealCallback({ plaintext, timestamp: now, nonce: state.nextHex('nonce', 10).replace(/[a-f]/g, '3') })
    const fault = faults.forCallback(event.changeType)
    const record: DeliveryRecord = { event: event.event, changeType: event.changeType, plaintext, tries: 0, isDelivered: false }
    deliveries.push(record)
    if (fault?.kind === 'drop') return
    if (fault?.kind === 'delay') await delay(fault.delayMs, undefined, { signal: aborter.signal })
    if (fault?.kind === 'reorder') await gate.hold()
    for (;;) {
      record.tries += 1
      const isFirst = record.tries === 1
      const isAnswered = await pushOnce(sealed, event.changeType, isFirst && fault?.kind === 'halfOpen')
      if (isFirst && fault?.kind === 'duplicate') await pushOnce(sealed, event.changeType, false)
      gate.passed()
      record.isDelivered ||= isAnswered
      if (isAnswered && !(isFirst && fault?.kind === 'lostAnswer')) return
      if (record.tries >= state.settings.switches.callbackTries || aborter.signal.aborted) return
      await pause(state.clock, state.settings.switches.callbackRetryMs, aborter.signal)
    }
  }

  return {
    deliveries: () => [...deliveries],
    raise(event) {
      if (serverUrl === null) return
      const job = deliver(event).catch((error: unknown) => {
        if (!aborter.signal.aborted) throw error
      }).finally(() => pending.delete(job))
      pending.add(job)
    },
    async idle() {
      while (pending.size > 0) await Promise.all(pending)
    },
    close: () => aborter.abort(),
  }
}
