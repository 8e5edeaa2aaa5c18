import { computed, defineComponent } from 'vue'
import { api } from './api.ts'
import { AppMessages } from './AppMessages.ts'
import { ChatThread } from './ChatThread.ts'
import { DesktopWindow } from './WebPanes.ts'
import { closePage, openAddress } from './webStore.ts'
import { attempt, customer, customers, nameOfPerson, openChat, refresh, setEntry, staff, stage, switchStaff, unreadMessages } from './stageStore.ts'
import type { DesktopEntry } from '../desktop/context.ts'

const entries: readonly { value: DesktopEntry; label: string }[] = [
  { value: 'single_chat_tools', label: '单聊' },
  { value: 'group_chat_tools', label: '群聊' },
  { value: 'normal', label: '工作台' },
]

/** The WeCom desktop: who sits there, their customers, the open chat, and our sidebar at 360 px. */
export const DesktopPanel = defineComponent({
  name: 'DesktopPanel',
  components: { AppMessages, ChatThread, DesktopWindow },
  setup() {
    const send = (text: string) => attempt(async () => {
      if (stage.customerId === null) return
      await api.say(stage.staffUserId, stage.customerId, 'staff', text)
      await refresh()
    })
    const choose = (userId: string) => attempt(() => {
      closePage('desktop')
      return switchStaff(userId)
    })
    const open = (personId: string | null) => attempt(() => openChat(personId))
    const enter = (entry: DesktopEntry) => attempt(() => setEntry(entry))
    const openLink = (address: string) => attempt(() => openAddress('wecomStaff', address))
    const roleOf = (one: { position: string; hasContactRight: boolean; isVisible: boolean }): string =>
      [one.position, one.hasContactRight ? '' : '无客户联系权限', one.isVisible ? '' : '不在可见范围'].filter(Boolean).join('，')
    const hasSidebar = computed(() => stage.entry !== 'single_chat_tools' || customer.value !== null)
    return { stage, staff, customer, customers, entries, nameOfPerson, send, choose, open, openLink, enter, roleOf, hasSidebar, unreadMessages }
  },
  template: `
<section class="desktop" aria-labelledby="desktop-heading">
  <header class="desktop-bar">
    <span class="window-dots" aria-hidden="true"><i></i><i></i><i></i></span>
    <h2 id="desktop-heading">企业微信</h2>
    <label class="field"><span>登录的员工</span>
      <select :value="stage.staffUserId" @change="choose($event.target.value)">
        <option v-for="one in stage.state.staff" :key="one.userId" :value="one.userId">{{ one.name }}（{{ roleOf(one) }}）</option>
      </select>
    </label>
    <div class="segments" role="group" aria-label="从哪里打开侧边栏">
      <button v-for="one in entries" :key="one.value" :aria-pressed="stage.entry === one.value" @click="enter(one.value)">{{ one.label }}<span v-if="one.value === 'normal' && unreadMessages > 0" class="unread">{{ unreadMessages }}<span class="visually-hidden"> 条未读应用消息</span></span></button>
    </div>
  </header>
  <desktop-window />
  <div class="desktop-body">
    <nav class="customer-list" aria-label="客户">
      <h3>客户 <small>{{ customers.length }}</small></h3>
      <ul>
        <li v-for="relation in customers" :key="relation.personId">
          <button class="row" :aria-current="relation.personId === stage.customerId ? 'true' : undefined" @click="open(relation.personId)">
            <span class="avatar is-person" aria-hidden="true">{{ nameOfPerson(relation.personId).slice(0, 1) }}</span>
            <span class="row-text"><strong>{{ relation.remark || nameOfPerson(relation.personId) }}</strong><small>{{ relation.tagNames.slice(0, 2).join(' · ') || '微信客户' }}</small></span>
          </button>
        </li>
      </ul>
      <p v-if="customers.length === 0" class="empty-line">{{ staff?.name }}还没有客户。点手机上方的“添加员工”。</p>
    </nav>
    <div class="chat-pane">
      <template v-if="stage.entry === 'single_chat_tools'">
        <h3 class="chat-title">{{ customer ? customer.name : '选择一位客户' }} <span v-if="customer" class="at-wechat">@微信</span></h3>
        <chat-thread v-if="customer" :messages="stage.deskChat" side="staff" :partner="customer.name" @send="send" @open-address="openLink" />
        <p v-else class="pane-empty">左边选一位客户，聊天和侧边栏会在这里打开。</p>
      </template>
      <template v-else>
        <h3 class="chat-title">{{ stage.entry === 'normal' ? '工作台' : '会员福利群（3）' }}</h3>
        <p class="pane-empty">{{ stage.entry === 'normal' ? '从工作台打开应用：没有聊天，也没有客户。' : '这是一个客户群：侧边栏拿不到单个客户。' }}</p>
        <p v-if="stage.entry === 'normal'" class="workbench"><a class="button" href="/console/" target="_blank">打开运营控制台</a><small>仅限运营管理员：吴倩、徐峰</small></p>
        <app-messages v-if="stage.entry === 'normal'" />
      </template>
    </div>
    <aside class="sidebar-pane" aria-label="企会侧边栏">
      <header><strong>企会</strong><button class="link" @click="stage.sidebarVisit += 1">重新打开</button></header>
      <iframe v-if="hasSidebar" id="sidebar-frame" :key="stage.sidebarVisit" title="企会侧边栏" src="/sidebar/"></iframe>
      <p v-else class="pane-empty">打开一个聊天，侧边栏就会显示这位客户。</p>
    </aside>
  </div>
</section>`,
})
