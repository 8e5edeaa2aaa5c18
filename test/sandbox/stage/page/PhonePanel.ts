import { defineComponent } from 'vue'
import type { ChatMessage } from '../../types.ts'
import { api } from './api.ts'
import { ChatThread } from './ChatThread.ts'
import { givePhoneTo, goHome, killMiniProgram, openPhoneChat, openCard, openRecent, phone, setPhoneFrame } from './phoneStore.ts'
import { closePage, openAddress, web } from './webStore.ts'
import { PhoneWeb } from './WebPanes.ts'
import { advisers, attempt, nameOfStaff, person, refresh, stage } from './stageStore.ts'

/** The phone on the left: WeChat's chat list, a chat, or the running mini-program. */
export const PhonePanel = defineComponent({
  name: 'PhonePanel',
  components: { ChatThread, PhoneWeb },
  emits: ['scan', 'add', 'pay', 'open', 'inbox'],
  setup() {
    const send = (text: string) => attempt(async () => {
      if (stage.phoneChatStaff === null) return
      await api.say(stage.phoneChatStaff, stage.personId, 'person', text)
      await refresh()
    })
    const openMessage = ({ kind, target }: ChatMessage) => attempt(async () => {
      if (target === null) return
      if (kind === 'miniProgram') openCard(target)
      else await openAddress('wechat', target)
    })
    const openLink = (address: string) => attempt(() => openAddress('wechat', address))
    const give = (personId: string) => attempt(() => {
      closePage('phone')
      return givePhoneTo(personId)
    })
    const open = (staffUserId: string) => attempt(() => openPhoneChat(staffUserId))
    const time = new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit' })
    return { time, stage, phone, person, advisers, nameOfStaff, goHome, killMiniProgram, openRecent, setPhoneFrame, send, openMessage, openLink, give, open, web }
  },
  template: `
<section class="phone-column" aria-labelledby="phone-heading">
  <h2 id="phone-heading" class="visually-hidden">客户的手机</h2>
  <div class="toolbar">
    <label class="field is-grow"><span class="visually-hidden">这部手机属于</span>
      <select title="这部手机属于谁" :value="stage.personId" @change="give($event.target.value)">
        <option v-for="one in stage.state.people" :key="one.personId" :value="one.personId">{{ one.name }} 的手机{{ one.hasUnionId ? '' : '（无 unionid）' }}{{ one.type === 2 ? '（企业微信用户）' : '' }}{{ one.phoneMasked ? '' : '（未绑手机号）' }}</option>
      </select>
    </label>
    <button class="button" @click="$emit('scan')">扫码</button>
    <button class="button is-plain" @click="$emit('add')">添加员工</button>
    <button class="button is-plain" @click="$emit('open')">打开链接</button>
    <button class="button is-plain" @click="$emit('inbox')">收件箱</button>
    <button class="button is-plain" @click="$emit('pay')">支付</button>
  </div>
  <div class="phone">
    <div class="phone-screen">
      <div v-show="phone.view !== 'app' && phone.view !== 'web'" class="wechat">
        <p class="wechat-status" aria-hidden="true">{{ time }}</p>
        <header class="wechat-bar">
          <button v-if="phone.view === 'chat'" class="wechat-back" aria-label="返回聊天列表" @click="goHome">‹</button>
          <strong>{{ phone.view === 'chat' ? nameOfStaff(stage.phoneChatStaff) : '微信' }}</strong>
          <span v-if="phone.view === 'chat'" class="at-corp">@企会</span>
        </header>
        <chat-thread v-if="phone.view === 'chat'" :messages="stage.phoneChat" side="person" :partner="nameOfStaff(stage.phoneChatStaff)" @send="send" @open="openMessage" @open-address="openLink" />
        <div v-else class="wechat-home">
          <p class="owner"><span class="avatar is-person">{{ person?.name.slice(0, 1) }}</span><span><strong>{{ person?.name }}</strong><small>{{ person?.phoneMasked ?? '未绑定手机号' }}</small></span></p>
          <h3>最近使用的小程序</h3>
          <button class="row" @click="openRecent"><span class="avatar is-brand" aria-hidden="true">企</span><span class="row-text"><strong>企会会员</strong><small>{{ phone.address ? '在后台运行' : '未运行' }}</small></span></button>
          <h3>聊天</h3>
          <button v-for="relation in advisers" :key="relation.staffUserId" class="row" @click="open(relation.staffUserId)"><span class="avatar" aria-hidden="true">{{ nameOfStaff(relation.staffUserId).slice(0, 1) }}</span><span class="row-text"><strong>{{ nameOfStaff(relation.staffUserId) }} <span class="at-corp">@企会</span></strong><small>企业微信联系人</small></span></button>
          <p v-if="advisers.length === 0" class="empty-line">还没有添加任何员工。</p>
          <button class="button home-scan" @click="$emit('scan')">扫一扫</button>
        </div>
      </div>
      <phone-web v-if="web.phone" v-show="phone.view === 'web'" />
      <iframe v-if="phone.address" v-show="phone.view === 'app'" :key="phone.address" :ref="setPhoneFrame" class="phone-frame" title="手机上的小程序" :src="phone.address"></iframe>
    </div>
    <p class="phone-foot"><button class="link" :disabled="phone.view === 'home'" @click="goHome">回到微信</button><button class="link" :disabled="!phone.address" @click="killMiniProgram">结束小程序</button></p>
  </div>
</section>`,
})
