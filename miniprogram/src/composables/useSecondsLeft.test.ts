import { enableAutoUnmount, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { useSecondsLeft } from './useSecondsLeft.ts'

const since = ref(0)
const Clock = defineComponent(() => {
  const left = useSecondsLeft(() => since.value, 60_000)
  return () => h('p', left.value)
})

enableAutoUnmount(afterEach)
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-22T03:00:00Z') })
  since.value = 0
})
afterEach(() => vi.useRealTimers())

describe('useSecondsLeft', () => {
  it('is over for what began long ago', () => {
    expect(mount(Clock).text()).toBe('0')
  })

  it('counts a minute down, stops, and starts anew', async () => {
    const clock = mount(Clock)
    since.value = Date.now()
    await vi.advanceTimersByTimeAsync(0)
    expect(clock.text()).toBe('60')
    await vi.advanceTimersByTimeAsync(59_500)
    expect(clock.text()).toBe('1')
    await vi.advanceTimersByTimeAsync(500)
    expect(clock.text()).toBe('0')
    expect(vi.getTimerCount()).toBe(0)
    since.value = Date.now()
    await vi.advanceTimersByTimeAsync(0)
    expect(clock.text()).toBe('60')
  })

  it('leaves no timer behind', async () => {
    const clock = mount(Clock)
    since.value = Date.now()
    await vi.advanceTimersByTimeAsync(0)
    clock.unmount()
    expect(vi.getTimerCount()).toBe(0)
  })
})
