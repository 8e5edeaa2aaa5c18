import { createApp, defineComponent, onMounted, ref } from 'vue'
import type { DesktopHost } from '../desktop/context.ts'
import { DesktopPanel } from './DesktopPanel.ts'
import { AddStaffDialog, PayDialog, ScanDialog } from './dialogs.ts'
import { GuideBar } from './GuideBar.ts'
import { PhonePanel } from './PhonePanel.ts'
import { InboxDialog, OpenDialog } from './linkDialogs.ts'
import { listenToPhone } from './phoneStore.ts'
import { attempt, customer, dayOf, followWire, notify, refresh, staff, stage, switchStaff } from './stageStore.ts'
import { TimeDialog } from './TimeDialog.ts'
import { listenToPlaces } from './webStore.ts'
import { WirePanel } from './WirePanel.ts'

declare global {
  interface Window {
    desktopHost?: DesktopHost
  }
}

/** What the client script inside the sidebar's frame reads from the desktop around it. */
const desktopHost: DesktopHost = {
  context: () => ({
    entry: stage.entry,
    staffUserId: stage.staffUserId,
    hasContactRight: staff.value?.hasContactRight === true,
    personId: stage.entry === 'single_chat_tools' ? stage.customerId : null,
    externalUserId: stage.entry === 'single_chat_tools' ? (customer.value?.externalUserId ?? null) : null,
    chatId: stage.entry === 'group_chat_tools' ? 'wrSandboxGroup0001' : null,
  }),
  messageSent: () => void attempt(refresh),
  closeSidebar: () => notify('侧边栏请求关闭窗口'),
  openProfile: (externalUserId) => {
    const one = stage.state?.people.find((someone) => someone.externalUserId === externalUserId)
    notify(`企业微信打开了${one?.name ?? '客户'}的资料页`)
  },
}

const StagePage = defineComponent({
  name: 'StagePage',
  components: { AddStaffDialog, DesktopPanel, GuideBar, InboxDialog, OpenDialog, PayDialog, PhonePanel, ScanDialog, TimeDialog, WirePanel },
  setup() {
    const dialog = ref<'' | 'scan' | 'add' | 'pay' | 'open' | 'inbox' | 'time'>('')
    const failure = ref('')
    onMounted(async () => {
      try {
        await switchStaff(stage.staffUserId)
        followWire()
        listenToPhone()
        listenToPlaces()
      } catch (error) {
        failure.value = error instanceof Error ? error.message : String(error)
      }
    })
    return { stage, dialog, failure, dayOf }
  },
  template: `
<header class="top">
  <h1><svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0f766e"/><path d="M9 22V12l7-4 7 4v10M13 22v-6h6v6" fill="none" stroke="#fff" stroke-width="2.4" stroke-linejoin="round"/></svg>企会<small>本机的微信与企业微信</small></h1>
  <guide-bar v-if="stage.state" @scan="dialog = 'scan'" @add="dialog = 'add'" />
  <button v-if="stage.state?.canMoveTime" class="button is-plain is-small time-button" @click="dialog = 'time'"><span class="visually-hidden">时间：</span>{{ dayOf(stage.state.now) }} · 快进</button>
</header>
<main v-if="stage.state" class="stage">
  <phone-panel @scan="dialog = 'scan'" @add="dialog = 'add'" @pay="dialog = 'pay'" @open="dialog = 'open'" @inbox="dialog = 'inbox'" />
  <desktop-panel />
  <wire-panel />
</main>
<p v-else class="boot" role="status">{{ failure ? '舞台没有打开：' + failure : '正在打开舞台…' }}</p>
<scan-dialog v-if="dialog === 'scan'" @close="dialog = ''" />
<add-staff-dialog v-if="dialog === 'add'" @close="dialog = ''" />
<open-dialog v-if="dialog === 'open'" @close="dialog = ''" />
<inbox-dialog v-if="dialog === 'inbox'" @close="dialog = ''" />
<time-dialog v-if="dialog === 'time'" @close="dialog = ''" />
<pay-dialog v-if="dialog === 'pay'" @close="dialog = ''" />
<p class="notice" :class="{ 'is-shown': stage.notice }" role="status" aria-live="polite">{{ stage.notice }}</p>`,
})

window.desktopHost = desktopHost
createApp(StagePage).mount('#app')
