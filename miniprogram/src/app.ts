import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { usePrivacyStore } from './stores/privacy.ts'
import { useSessionStore } from './stores/session.ts'
import './app.scss'

const pinia = createPinia()

const app = createApp({
  onLaunch() {
    usePrivacyStore(pinia).watch()
    void useSessionStore(pinia).open()
  },
})
app.use(pinia)

export default app
