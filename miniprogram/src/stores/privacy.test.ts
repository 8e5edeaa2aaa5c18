import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { copyText } from '../platform/clipboard.ts'
import { privacyButtonId, usePrivacyStore } from './privacy.ts'

type Listener = (resolve: (answer: object) => void) => void

beforeEach(() => setActivePinia(createPinia()))

describe('the privacy question', () => {
  it('is asked when an API waits for it, and answers every API that waits', () => {
    let ask: Listener = () => undefined
    vi.stubGlobal('wx', { onNeedPrivacyAuthorization: (listener: Listener) => (ask = listener) })
    const store = usePrivacyStore()
    store.watch()
    const answers: object[] = []
    ask((answer) => answers.push(answer))
    ask((answer) => answers.push(answer))
    expect(store.isAsked).toBe(true)
    store.agree()
    expect(answers).toEqual(Array(2).fill({ event: 'agree', buttonId: privacyButtonId }))
    expect(store.isAsked).toBe(false)
  })

  it('passes a refusal on and closes', () => {
    const store = usePrivacyStore()
    store.watch()
    copyText('M2026000001')
    expect(store.isAsked).toBe(true)
    store.refuse()
    expect(store.isAsked).toBe(false)
  })

  it('does without on a client that never asks', () => {
    vi.stubGlobal('wx', {})
    const store = usePrivacyStore()
    expect(() => store.watch()).not.toThrow()
  })
})
