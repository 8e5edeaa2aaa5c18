import { computed, defineComponent } from 'vue'
import { phone } from './phoneStore.ts'
import { advisers, attempt, openChat, setEntry, stage } from './stageStore.ts'

/** The three steps for somebody who sees the stage for the first time; each says when it is done. */
export const GuideBar = defineComponent({
  name: 'GuideBar',
  emits: ['scan', 'add'],
  setup(_, { emit }) {
    const hasAdviser = computed(() => advisers.value.some(({ staffUserId }) => staffUserId === stage.staffUserId))
    const show = () => attempt(async () => {
      await setEntry('single_chat_tools')
      await openChat(stage.personId)
    })
    const steps = computed(() => [
      { title: '扫码', detail: '用手机扫渠道码', isDone: stage.hasScanned || stage.hasJoined || phone.address !== null, act: () => emit('scan'), isEnabled: true },
      { title: '入会', detail: '勾选同意，一键授权手机号', isDone: stage.hasJoined, act: () => { phone.view = 'app' }, isEnabled: phone.address !== null },
      { title: '看侧边栏', detail: hasAdviser.value ? '员工侧：等级、标签、资料' : '先让客户添加员工', isDone: stage.hasJoined && hasAdviser.value && stage.customerId === stage.personId, act: () => (hasAdviser.value ? void show() : emit('add')), isEnabled: true },
    ])
    return { steps }
  },
  template: `
<nav class="guide" aria-label="先做什么">
  <span class="guide-lead">先做什么</span>
  <ol>
    <li v-for="(step, index) in steps" :key="step.title" :class="{ 'is-done': step.isDone }">
      <button :disabled="!step.isEnabled" @click="step.act">
        <span class="step-number" aria-hidden="true">{{ step.isDone ? '✓' : index + 1 }}</span>
        <span><strong>{{ step.title }}<span v-if="step.isDone" class="visually-hidden">（已完成）</span></strong><small>{{ step.detail }}</small></span>
      </button>
    </li>
  </ol>
</nav>`,
})
