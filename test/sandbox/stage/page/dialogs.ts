import { computed, defineComponent, ref } from 'vue'
import { api } from './api.ts'
import { scanCode } from './phoneStore.ts'
import { StageDialog } from './StageDialog.ts'
import { advisers, attempt, customers, notify, openChat, person, refresh, stage, switchStaff } from './stageStore.ts'

/** Choose a code and scan it with the phone. */
export const ScanDialog = defineComponent({
  name: 'ScanDialog',
  components: { StageDialog },
  emits: ['close'],
  setup(_, { emit }) {
    const codes = computed(() => [...(stage.state?.codes ?? [])].sort((a, b) => (a.kind === b.kind ? a.createdAt - b.createdAt : a.kind === 'miniProgram' ? -1 : 1)))
    const scan = (codeId: string) => attempt(async () => {
      const said = await scanCode(codeId)
      await refresh()
      notify(said)
      emit('close')
    })
    const kindOf = (kind: string): string => (kind === 'miniProgram' ? '小程序码 · 打开入会页' : '联系我二维码 · 添加员工')
    return { codes, person, scan, kindOf }
  },
  template: `
<stage-dialog :title="'用' + (person?.name ?? '客户') + '的手机扫码'" @close="$emit('close')">
  <p class="dialog-lead">这些都是能真正扫开的码，由产品向微信和企业微信申请得到。点一张，就等于用这部手机扫了它。</p>
  <ul v-if="codes.length" class="code-list">
    <li v-for="code in codes" :key="code.codeId"><button class="code" @click="scan(code.codeId)"><img :src="code.imageUrl" alt="" width="132" height="132"><strong>{{ code.label }}</strong><small>{{ kindOf(code.kind) }}</small></button></li>
  </ul>
  <p v-else class="pane-empty">渠道码还没有生成。产品启动后会自动申请，通常几秒钟；出现后这里会立刻显示。</p>
</stage-dialog>`,
})

/** The customer adds an employee. */
export const AddStaffDialog = defineComponent({
  name: 'AddStaffDialog',
  components: { StageDialog },
  emits: ['close'],
  setup(_, { emit }) {
    const others = computed(() => stage.state?.staff.filter(({ userId, hasContactRight }) => hasContactRight && !advisers.value.some((one) => one.staffUserId === userId)) ?? [])
    const add = (staffUserId: string, name: string) => attempt(async () => {
      await api.addContact(stage.personId, staffUserId)
      if (staffUserId !== stage.staffUserId) await switchStaff(staffUserId)
      await refresh()
      if (customers.value.some(({ personId }) => personId === stage.personId)) await openChat(stage.personId)
      notify(`${person.value?.name ?? '客户'}添加了${name}，企业微信正在把事件推送给产品`)
      emit('close')
    })
    return { others, add, person }
  },
  template: `
<stage-dialog :title="(person?.name ?? '客户') + '添加员工为好友'" @close="$emit('close')">
  <ul class="staff-list">
    <li v-for="one in others" :key="one.userId"><button class="row" @click="add(one.userId, one.name)"><span class="avatar" aria-hidden="true">{{ one.name.slice(0, 1) }}</span><span class="row-text"><strong>{{ one.name }}</strong><small>{{ one.position }}</small></span></button></li>
  </ul>
  <p v-if="others.length === 0" class="pane-empty">所有能接待客户的员工都已经是好友了。</p>
</stage-dialog>`,
})

/** The customer pays in a simulated shop, which reports the order to the product. */
export const PayDialog = defineComponent({
  name: 'PayDialog',
  components: { StageDialog },
  emits: ['close'],
  setup(_, { emit }) {
    const yuan = ref(600)
    const pay = () => attempt(async () => {
      const { growthEarned } = await api.pay(stage.personId, Math.round(Number(yuan.value) * 100))
      notify(`已支付 ${yuan.value} 元，增加 ${growthEarned} 成长值`)
      emit('close')
    })
    return { yuan, pay, person }
  },
  template: `
<stage-dialog :title="(person?.name ?? '客户') + '在商城付款'" @close="$emit('close')">
  <form @submit.prevent="pay">
    <p class="dialog-lead">模拟商城收款后，用集成密钥把订单回传给产品，成长值随之增加。</p>
    <label class="field"><span>金额（元）</span><input v-model="yuan" type="number" min="0.01" max="1000000" step="0.01" required></label>
    <div class="dialog-actions"><button type="submit" class="button">支付</button></div>
  </form>
</stage-dialog>`,
})
