import { computed, defineComponent, onMounted, ref, type PropType } from 'vue'
import { places, type PlaceName } from '../place/places.ts'
import { addressesIn } from './addressesIn.ts'
import { api, type StageMessage } from './api.ts'
import { StageDialog } from './StageDialog.ts'
import { attempt, instantOf, person, staff, stage } from './stageStore.ts'
import { openAddress } from './webStore.ts'

const placeNames = Object.keys(places) as PlaceName[]

/** The five places in which an address can be opened. */
const PlaceButtons = defineComponent({
  name: 'PlaceButtons',
  props: { address: { type: String as PropType<string>, required: true } },
  emits: ['opened'],
  setup(props, { emit }) {
    const open = (place: PlaceName) => attempt(async () => {
      await openAddress(place, props.address)
      emit('opened')
    })
    const holderOf = (place: PlaceName): string => (places[place].holder === 'staff' ? staff.value?.name : person.value?.name) ?? ''
    return { places, placeNames, open, holderOf }
  },
  template: `
<div class="place-buttons" role="group" aria-label="在哪里打开">
  <button v-for="name in placeNames" :key="name" type="button" class="button is-plain" :disabled="address === ''" @click="open(name)">{{ places[name].label }}<small>{{ holderOf(name) }}</small></button>
</div>`,
})

/** Open an invite page or any other page of the product, in a chosen place. */
export const OpenDialog = defineComponent({
  name: 'OpenDialog',
  components: { PlaceButtons, StageDialog },
  emits: ['close'],
  setup() {
    const address = ref('')
    const isSnapshot = ref(person.value?.isSnapshot === true)
    const invites = computed(() => {
      const seen = new Set<string>()
      return (stage.state?.codes ?? []).filter(({ invitePath }) => !seen.has(invitePath) && seen.add(invitePath))
    })
    const setSnapshot = (isOn: boolean) => attempt(async () => {
      await api.setSnapshot(stage.personId, isOn)
      isSnapshot.value = isOn
    })
    return { address, invites, isSnapshot, setSnapshot }
  },
  template: `
<stage-dialog title="打开链接" @close="$emit('close')">
  <p class="dialog-lead">同一个邀请链接，在不同的地方打开，页面要做的事不同。先选一个渠道的邀请页或粘贴链接，再选在哪里打开。</p>
  <label class="field is-wide"><span>渠道</span><select :value="address" @change="address = $event.target.value"><option value="">请选择</option><option v-for="one in invites" :key="one.codeId" :value="one.invitePath">{{ one.label }}</option></select></label>
  <label class="field is-wide"><span>链接</span><input v-model.trim="address" placeholder="https://…/i/… 或 /i/…" autocomplete="off"></label>
  <label class="check"><input type="checkbox" :checked="isSnapshot" @change="setSnapshot($event.target.checked)"><span>微信先显示快照页（客户点“使用完整服务”前，授权得到的是虚拟账号）</span></label>
  <place-buttons :address="address" @opened="$emit('close')" />
</stage-dialog>`,
})

/** SMS and mails of the person with the phone. */
export const InboxDialog = defineComponent({
  name: 'InboxDialog',
  components: { PlaceButtons, StageDialog },
  emits: ['close'],
  setup() {
    const messages = ref<readonly StageMessage[]>([])
    const chosen = ref('')
    onMounted(() => attempt(async () => {
      messages.value = [...(await api.outbox(stage.personId)).messages].reverse()
    }))
    return { messages, chosen, person, addressesIn, instantOf }
  },
  template: `
<stage-dialog :title="(person?.name ?? '客户') + '的收件箱'" @close="$emit('close')">
  <ul v-if="messages.length" class="inbox">
    <li v-for="message in messages" :key="message.messageId">
      <p class="inbox-head"><strong>{{ message.medium === 'sms' ? '短信' : '邮件' }}</strong><span>{{ message.from }}</span><time>{{ instantOf(message.at) }}</time></p>
      <p v-if="message.subject" class="inbox-subject">{{ message.subject }}</p>
      <p class="inbox-text"><template v-for="(part, index) in addressesIn(message.text)" :key="index"><button v-if="part.isAddress" type="button" class="inbox-link" @click="chosen = part.text">{{ part.text }}</button><template v-else>{{ part.text }}</template></template></p>
      <place-buttons v-if="chosen !== '' && message.text.includes(chosen)" :address="chosen" @opened="$emit('close')" />
    </li>
  </ul>
  <p v-else class="pane-empty">还没有短信或邮件。产品发给{{ person?.phoneMasked ?? '此人' }}和 {{ person?.email }} 的消息会出现在这里。</p>
</stage-dialog>`,
})
