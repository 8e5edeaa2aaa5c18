import { onMounted, onUnmounted } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import { confirmed } from './confirmed.ts'

/** Warns before unsaved edits are left behind: inside the console with our own question, on closing the page with the browser's. */
export function useUnsaved(isDirty: () => boolean): void {
  const onUnload = (event: BeforeUnloadEvent) => {
    if (isDirty()) event.preventDefault()
  }
  onMounted(() => window.addEventListener('beforeunload', onUnload))
  onUnmounted(() => window.removeEventListener('beforeunload', onUnload))
  onBeforeRouteLeave(async () => {
    if (!isDirty()) return true
    return confirmed({ title: '离开并放弃修改？', detail: '您的修改还没有发布，离开后无法恢复。', action: '放弃修改', isDangerous: true })
  })
}
