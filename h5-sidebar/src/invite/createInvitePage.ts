import { createPinia } from 'pinia'
import { createApp, type App as VueApp } from 'vue'
import { inviteApiKey, type InviteApi } from '../api/inviteApi.ts'
import App from './App.vue'
import { surroundingsKey, type Surroundings } from './surroundings.ts'

/** The whole invite page, wired; the browser's entry and the tests differ only in the parts they bring. */
export function createInvitePage({ api, surroundings }: { readonly api: InviteApi; readonly surroundings: Surroundings }): VueApp {
  return createApp(App).provide(inviteApiKey, api).provide(surroundingsKey, surroundings).use(createPinia())
}
