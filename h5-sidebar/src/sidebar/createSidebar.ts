import { createPinia } from 'pinia'
import { createApp, type App as VueApp } from 'vue'
import type { Router } from 'vue-router'
import { sidebarApiKey, type SidebarApi } from '../api/sidebarApi.ts'
import { wecomClientKey, type WecomClient } from '../wecom/WecomClient.ts'
import App from './App.vue'
import { surroundingsKey, type Surroundings } from './surroundings.ts'

interface SidebarParts {
  readonly api: SidebarApi
  readonly wecom: WecomClient
  readonly surroundings: Surroundings
  readonly router: Router
}

/** The whole sidebar, wired; the browser's entry and the tests differ only in the parts they bring. */
export function createSidebar({ api, wecom, surroundings, router }: SidebarParts): VueApp {
  return createApp(App)
    .provide(sidebarApiKey, api)
    .provide(wecomClientKey, wecom)
    .provide(surroundingsKey, surroundings)
    .use(createPinia())
    .use(router)
}
