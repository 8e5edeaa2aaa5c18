import '../components/theme.css'
import './invite.css'
import { createHttp } from '../api/http.ts'
import { createInviteApi } from '../api/inviteApi.ts'
import { randomId } from '../api/randomId.ts'
import { followColorScheme } from '../composables/followColorScheme.ts'
import { copyText } from '../composables/copyText.ts'
import { createInvitePage } from './createInvitePage.ts'
import { tokenOf } from './tokenOf.ts'
import { configureWechat } from './wechat/configureWechat.ts'

followColorScheme(window)

createInvitePage({
  api: createInviteApi(createHttp()),
  surroundings: {
    token: tokenOf(location.pathname),
    storage: sessionStorage,
    now: () => Date.now(),
    newId: () => randomId(),
    pageUrl: () => location.href.split('#')[0] ?? '',
    go: (address) => location.assign(address),
    copy: copyText,
    configureWechat,
  },
}).mount('#app')
