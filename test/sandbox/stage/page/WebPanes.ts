import { computed, defineComponent } from 'vue'
import { places } from '../place/places.ts'
import { api } from './api.ts'
import { attempt, person, refresh, stage } from './stageStore.ts'
import { closePage, reloadPage, scanFrom, web } from './webStore.ts'

/** A web page on the phone: in WeChat, in WeCom or in the phone's browser. */
export const PhoneWeb = defineComponent({
  name: 'PhoneWeb',
  setup() {
    const label = computed(() => (web.phone === null ? '' : places[web.phone.place].label))
    const isSnapshot = computed(() => web.phone?.place === 'wechat' && person.value?.isSnapshot === true)
    const askForFullPage = () => attempt(async () => {
      await api.setSnapshot(stage.personId, false)
      await refresh()
      reloadPage('phone')
    })
    const recognise = () => attempt(() => scanFrom('phone'))
    return { web, label, isSnapshot, askForFullPage, recognise, closePage, reloadPage }
  },
  template: `
<div class="phone-web">
  <header class="web-bar">
    <button class="link" aria-label="关闭网页" @click="closePage('phone')">✕</button>
    <strong>{{ label }}</strong>
    <button class="link" @click="reloadPage('phone')">刷新</button><button class="link" @click="recognise">识别二维码</button>
  </header>
  <iframe id="phone-web" :key="web.phone.visit" title="手机上的网页" :src="web.phone.address"></iframe>
  <footer v-if="isSnapshot" class="snapshot-bar"><span>你正在浏览网页快照</span><button class="button is-small" @click="askForFullPage">使用完整服务</button></footer>
</div>`,
})

/** A window on the desktop: WeCom's own browser, or any other. */
export const DesktopWindow = defineComponent({
  name: 'DesktopWindow',
  setup() {
    const label = computed(() => (web.desktop === null ? '' : places[web.desktop.place].label))
    const scan = () => attempt(() => scanFrom('desktop'))
    return { web, label, scan, person, closePage, reloadPage }
  },
  template: `
<section v-if="web.desktop" class="desktop-window" :aria-label="label">
  <header class="web-bar">
    <strong>{{ label }}</strong><code class="web-address">{{ web.desktop.path }}</code>
    <button class="button is-small" @click="scan">用{{ person?.name }}的手机扫屏幕</button><button class="link" @click="reloadPage('desktop')">刷新</button>
    <button class="link" aria-label="关闭网页" @click="closePage('desktop')">✕</button>
  </header>
  <iframe id="desktop-web" :key="web.desktop.visit" title="电脑上的网页" :src="web.desktop.address"></iframe>
</section>`,
})
