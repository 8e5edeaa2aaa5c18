import { defineComponent, ref } from 'vue'
import { api } from './api.ts'
import { StageDialog } from './StageDialog.ts'
import { attempt, dayOf, notify, refresh, stage } from './stageStore.ts'

/** Lets the time pass: a day, a month, or up to a date. */
export const TimeDialog = defineComponent({
  name: 'TimeDialog',
  components: { StageDialog },
  emits: ['close'],
  setup(_, { emit }) {
    const date = ref('')
    const isMoving = ref(false)
    const pass = (step: Parameters<typeof api.forward>[0]) => attempt(async () => {
      isMoving.value = true
      try {
        const { now, nightlyRuns } = await api.forward(step)
        await refresh()
        stage.sidebarVisit += 1
        notify(`现在是 ${dayOf(now)}，其间的夜间任务执行了 ${nightlyRuns} 次`)
        emit('close')
      } finally {
        isMoving.value = false
      }
    })
    return { date, isMoving, pass, stage, dayOf }
  },
  template: `
<stage-dialog title="快进时间" @close="$emit('close')">
  <p class="dialog-lead">现在是 {{ dayOf(stage.state.now) }}。快进时，产品、微信和企业微信一起走，评定、保级期等夜间任务按天逐一执行；时间只能向前。</p>
  <div class="dialog-actions is-start">
    <button class="button is-plain" :disabled="isMoving" @click="pass({ days: 1 })">快进 1 天</button>
    <button class="button is-plain" :disabled="isMoving" @click="pass({ months: 1 })">快进 1 个月</button>
  </div>
  <form @submit.prevent="pass({ date })">
    <label class="field"><span>到指定日期</span><input v-model="date" type="date" required></label>
    <div class="dialog-actions"><button type="submit" class="button" :disabled="isMoving">{{ isMoving ? '正在快进…' : '快进到这一天' }}</button></div>
  </form>
</stage-dialog>`,
})
