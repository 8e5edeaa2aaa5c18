import './elementStyles.ts'
import '../components/theme.css'
import './console.css'
import { createConsoleApi } from '../api/consoleApi.ts'
import { createHttp } from '../api/http.ts'
import { createLoginBounce } from '../api/loginBounce.ts'
import { createConsole } from './createConsole.ts'
import { createConsoleRouter } from './router.ts'

const now = () => Date.now()

createConsole({
  api: createConsoleApi(createHttp()),
  surroundings: {
    now,
    login: createLoginBounce({ storage: sessionStorage, location, now, go: (address) => location.assign(address) }),
    openLoginWindow: () => window.open('/api/staff/oauth/start?returnTo=/console/', 'qihui-login', 'width=520,height=680'),
    copy: (text) => navigator.clipboard.writeText(text),
  },
  router: createConsoleRouter(),
}).mount('#app')
