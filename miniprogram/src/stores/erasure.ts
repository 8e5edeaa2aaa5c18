import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { fetchErasure, postErasure, type ErasureStatus } from '../api/calls.ts'
import { readStored, writeStored } from '../platform/storage.ts'
import { useSessionStore } from './session.ts'

/** Where the number of a request is kept: it leads to its state and to nobody. */
const storageKey = 'erasure'

function storedReceipt(): string | null {
  const stored = readStored(storageKey)
  const receiptNo = typeof stored === 'object' && stored !== null && 'receiptNo' in stored ? stored.receiptNo : null
  return typeof receiptNo === 'string' ? receiptNo : null
}

/** Leaving, and how far it is afterwards. */
export const useErasureStore = defineStore('erasure', () => {
  const session = useSessionStore()
  const status = shallowRef<ErasureStatus | null>(null)
  const isBusy = ref(false)
  const state = ref<'loading' | 'asking' | 'left' | 'failed'>('loading')

  async function load(): Promise<void> {
    await session.open()
    const receiptNo = storedReceipt()
    if (receiptNo === null || session.member !== null) {
      state.value = session.member === null ? 'failed' : 'asking'
      return
    }
    try {
      status.value = await fetchErasure(receiptNo)
      state.value = 'left'
    } catch {
      state.value = 'failed'
    }
  }

  /** Empty words when it went through, else what happened. */
  async function leave(): Promise<string> {
    if (isBusy.value) return '正在提交，请稍候'
    isBusy.value = true
    try {
      status.value = await postErasure()
      writeStored(storageKey, { receiptNo: status.value.receiptNo })
      session.member = null
      state.value = 'left'
      return ''
    } catch {
      return '没有提交成功，请重试'
    } finally {
      isBusy.value = false
    }
  }

  return { status, isBusy, state, load, leave, hasReceipt: () => storedReceipt() !== null }
})
