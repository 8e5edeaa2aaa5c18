import { defineComponent, nextTick, ref, watch, type PropType } from 'vue'
import type { ChatMessage } from '../../types.ts'
import { addressesIn } from './addressesIn.ts'

/** Messages of one chat and the box to write in. `side` is who looks at it. */
export const ChatThread = defineComponent({
  name: 'ChatThread',
  props: {
    messages: { type: Array as PropType<readonly ChatMessage[]>, required: true },
    side: { type: String as PropType<'staff' | 'person'>, required: true },
    partner: { type: String, required: true },
  },
  emits: ['send', 'open', 'openAddress'],
  setup(props, { emit }) {
    const draft = ref('')
    const list = ref<HTMLElement | null>(null)
    const send = (): void => {
      const text = draft.value.trim()
      if (text === '') return
      emit('send', text)
      draft.value = ''
    }
    const timeOf = (at: number): string => new Date(at).toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit' })
    watch(() => props.messages.length, async () => {
      await nextTick()
      if (list.value) list.value.scrollTop = list.value.scrollHeight
    })
    return { draft, list, send, timeOf, addressesIn }
  },
  template: `
<div class="thread">
  <ol ref="list" class="messages" :aria-label="'与' + partner + '的聊天记录'" tabindex="0">
    <li v-if="messages.length === 0" class="empty-line">还没有消息</li>
    <li v-for="(message, index) in messages" :key="index" class="message" :class="message.from === side ? 'is-mine' : 'is-theirs'">
      <p v-if="message.kind === 'text'" class="bubble"><template v-for="(part, place) in addressesIn(message.text)" :key="place"><button v-if="part.isAddress" type="button" class="inbox-link" @click="$emit('openAddress', part.text)">{{ part.text }}</button><template v-else>{{ part.text }}</template></template></p>
      <component v-else :is="side === 'person' ? 'button' : 'div'" class="card-message" @click="side === 'person' && $emit('open', message)">
        <span class="card-title">{{ message.text }}</span>
        <img v-if="message.imageUrl" class="card-picture" :src="message.imageUrl" alt="">
        <span class="card-foot">{{ message.kind === 'miniProgram' ? '小程序' : '链接' }}</span>
      </component>
      <time class="message-time">{{ timeOf(message.at) }}</time>
    </li>
  </ol>
  <form class="composer" @submit.prevent="send">
    <input v-model="draft" :aria-label="'给' + partner + '发消息'" placeholder="输入消息" maxlength="500">
    <button type="submit" class="button is-small">发送</button>
  </form>
</div>`,
})
