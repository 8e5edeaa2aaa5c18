import { createPinia } from 'pinia'
import { createApp, type App as VueApp } from 'vue'
import type { Router } from 'vue-router'
import { consoleApiKey, type ConsoleApi } from '../api/consoleApi.ts'
import App from './App.vue'
import { surroundingsKey, type Surroundings } from './surroundings.ts'

interface ConsoleParts {
  readonly api: ConsoleApi
  readonly surroundings: Surroundings
  readonly router: Router
}

/** The whole console, wired; the browser's entry and the tests differ only in the parts they bring. */
export function createConsole({ api, surroundings, router }: ConsoleParts): VueApp {
  return createApp(App).provide(consoleApiKey, api).provide(surroundingsKey, surroundings).use(createPinia()).use(router)
}
