import { computed, defineComponent } from 'vue'
import { addressesIn } from './addressesIn.ts'
import { attempt, instantOf, stage } from './stageStore.ts'
import { openAddress } from './webStore.ts'

/** Messages of our app to the employee at the desktop, newest first: as in WeCom, one opens the page it is about. */
export const AppMessages = defineComponent({
  name: 'AppMessages',
  setup() {
    const messages = computed(() =>
      [...stage.appMessages].reverse().map((message) => {
        const parts = addressesIn(message.text)
        return { ...message, words: parts.filter(({ isAddress }) => !isAddress).map(({ text }) => text).join('').trim(), address: parts.find(({ isAddress }) => isAddress)?.text ?? null }
      }),
    )
    const open = (address: string) => attempt(() => openAddress('wecomStaff', address))
    return { messages, instantOf, open }
  },
  template: `
<section class="app-messages" aria-label="应用消息">
  <h4>应用消息</h4>
  <ul v-if="messages.length" class="inbox">
    <li v-for="message in messages" :key="message.messageId">
      <p class="inbox-head"><strong>企会</strong><time>{{ instantOf(message.at) }}</time></p>
      <p class="inbox-subject">{{ message.subject }}</p>
      <p class="inbox-text">{{ message.words }}</p>
      <button v-if="message.address" class="button is-plain is-small" @click="open(message.address)">打开</button>
    </li>
  </ul>
  <p v-else class="empty-line">还没有应用消息。有查看申请等待这位员工审批时，会在这里提醒。</p>
</section>`,
})
