import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { fetchOwnCopy, fetchOwnData, putOwnAnswers, type OwnData } from '../api/calls.ts'
import { ApiError } from '../api/ApiError.ts'

type Answer = string | number | boolean

/** What is kept about the person who looks: to read, to correct, to take away. */
export const useOwnDataStore = defineStore('ownData', () => {
  const data = shallowRef<OwnData | null>(null)
  const hasFailed = ref(false)
  const isBusy = ref(false)

  /** What is on the screen stays there when this fails. */
  async function load(): Promise<void> {
    hasFailed.value = false
    try {
      data.value = await fetchOwnData()
    } catch {
      hasFailed.value = true
    }
  }

  /** Corrects one answer. Empty words when it went through, else what to change. */
  async function correct(key: string, answer: Answer): Promise<string> {
    if (isBusy.value) return '正在保存，请稍候'
    isBusy.value = true
    try {
      await putOwnAnswers({ [key]: answer === '' ? null : answer })
      await load()
      return ''
    } catch (error) {
      return (error instanceof ApiError ? error.fields[0]?.message : undefined) ?? '没有保存成功，请重试'
    } finally {
      isBusy.value = false
    }
  }

  /** The whole copy as text, or null when it did not come. */
  async function copyAs(format: 'json' | 'csv'): Promise<string | null> {
    if (isBusy.value) return null
    isBusy.value = true
    try {
      return (await fetchOwnCopy(format)).content
    } catch {
      return null
    } finally {
      isBusy.value = false
    }
  }

  return { data, hasFailed, isBusy, load, correct, copyAs }
})
