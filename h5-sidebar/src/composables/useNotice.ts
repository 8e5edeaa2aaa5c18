import { ref } from 'vue'

/** How long a result stays readable, in milliseconds. */
const shownMs = 4_000

const text = ref('')
const tone = ref<'done' | 'problem'>('done')
let timer: ReturnType<typeof setTimeout> | undefined

/** The one place for results of actions ("标签已保存"); the root shows it, anybody may write. */
export function useNotice() {
  function notice(message: string, kind: 'done' | 'problem' = 'done'): void {
    clearTimeout(timer)
    text.value = message
    tone.value = kind
    timer = setTimeout(() => (text.value = ''), shownMs)
  }
  return { text, tone, notice }
}
