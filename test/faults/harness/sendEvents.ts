import { sealCallback } from '../../sandbox/callbacks/sealCallback.ts'
import type { Push } from './checkEvents.ts'
import type { Chance } from './faultSeed.ts'

/** An event as the platform would push it. */
export interface StagedEvent {
  readonly plaintext: string
  readonly kind: string
}

/** WeCom cuts the connection after 5 s (platform 7.1). */
const cutMs = 5_000
/** Longer than any restart takes on a busy machine. */
const giveUpMs = 120_000
const pauseMs = 20

async function pushOnce(port: number, { plaintext, kind }: StagedEvent, nonce: string): Promise<Push> {
  const { query, body } = sealCallback({ plaintext, timestamp: Math.floor(Date.now() / 1000), nonce })
  const started = performance.now()
  const answer = await fetch(`http://127.0.0.1:${port}/callbacks/wecom?${new URLSearchParams(query)}`, { method: 'POST', body, signal: AbortSignal.timeout(cutMs) }).catch(() => null)
  await answer?.arrayBuffer().catch(() => null)
  return { plaintext, kind, status: answer?.status ?? null, ms: performance.now() - started }
}

/**
 * Pushes events from several senders at once. Each one tries again, on whichever web place, until it is answered: the model is then
 * everything that was sent.
 * @param ports web places; one is chosen for each try
 * @param onPush told of every try
 */
export async function sendEvents(events: readonly StagedEvent[], options: { readonly senders: number; readonly chance: Chance; ports(): readonly number[]; onPush(push: Push): void }): Promise<void> {
  const { senders, chance, ports, onPush } = options
  let next = 0
  const sender = async (): Promise<void> => {
    for (let event = events[next]; event !== undefined; event = events[next]) {
      next += 1
      const nonce = String(1_000_000_000 + next)
      const deadline = Date.now() + giveUpMs
      for (;;) {
        const choices = ports()
        const push = await pushOnce(choices[chance.below(choices.length)] ?? 0, event, nonce)
        onPush(push)
        if (push.status === 200) break
        if (Date.now() > deadline) throw new Error(`an event of the kind ${event.kind} found nobody for ${giveUpMs / 1000} s`)
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    }
  }
  await Promise.all(Array.from({ length: senders }, sender))
}

/** The value below which so much of the list lies. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
