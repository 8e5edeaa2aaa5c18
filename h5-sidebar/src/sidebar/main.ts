import '../components/vant.css'
import '../components/theme.css'
import { createHttp } from '../api/http.ts'
import { createLoginBounce } from '../api/loginBounce.ts'
import { createSidebarApi } from '../api/sidebarApi.ts'
import { followColorScheme } from '../composables/followColorScheme.ts'
import { createWecomClient } from '../wecom/createWecomClient.ts'
import { createSidebar } from './createSidebar.ts'
import { reloadOnce } from './reloadOnce.ts'
import { createSidebarRouter } from './router.ts'
import { createCardSnapshots } from './stores/cardSnapshots.ts'

const storage = sessionStorage
const now = () => Date.now()

followColorScheme(window)
window.addEventListener('vite:preloadError', () => reloadOnce(storage, now(), () => location.reload()))

createSidebar({
  api: createSidebarApi(createHttp()),
  wecom: createWecomClient(),
  surroundings: {
    now,
    storage,
    pageUrl: () => location.href.split('#')[0] ?? '',
    login: createLoginBounce({ storage, location, now, go: (address) => location.assign(address) }),
    snapshots: createCardSnapshots(storage, now),
  },
  router: createSidebarRouter(),
}).mount('#app')
