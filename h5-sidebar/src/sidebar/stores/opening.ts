import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { ApiProblem } from '../../api/ApiProblem.ts'
import { sidebarApiKey, type JssdkSignature, type SidebarApi, type StaffSelf } from '../../api/sidebarApi.ts'
import { capabilitiesFor, getContextSince, isVersionAtLeast, type Capabilities, type WecomEntry } from '../../wecom/capabilitiesFor.ts'
import { wecomClientKey, type WecomClient } from '../../wecom/WecomClient.ts'
import { failureFor, type Failure } from '../failureFor.ts'
import { surroundingsKey } from '../surroundings.ts'
import { useProvided } from '../../composables/useProvided.ts'

/** Which screen this opening of the sidebar belongs to. */
export type OpenedScreen =
  | { readonly name: 'contact'; readonly externalUserId: string }
  | { readonly name: 'group' | 'home' | 'elsewhere' | 'outdated' | 'outside' | 'login' }

type App = Pick<StaffSelf, 'corpId' | 'agentId'>

const appKey = 'qihui.app'
const nothing: Capabilities = { canReadContact: false, canSend: false, canSendMiniProgram: false }

function readApp(storage: Storage): App | null {
  try {
    return JSON.parse(storage.getItem(appKey) ?? 'null') as App | null
  } catch {
    return null
  }
}

/** An app message about a request that waits leads to what is to be decided; the client has no chat there, and may have nothing to say. */
function isAboutApproval(url: string): boolean {
  return new URL(url).searchParams.has('approval')
}

/** Registers with the app as soon as it is known, and with a signature asked for before it is needed. */
async function registerApp(app: Promise<App>, { api, wecom, url }: { api: SidebarApi; wecom: WecomClient; url: string }): Promise<void> {
  let early: Promise<JssdkSignature> | null = api.jssdkSignature('agent', url)
  early.catch(() => undefined)
  const { corpId, agentId } = await app
  wecom.register({
    corpId,
    agentId,
    sign(identity, forUrl) {
      const ready = identity === 'agent' && forUrl === url ? early : null
      if (ready) early = null
      return ready ?? api.jssdkSignature(identity, forUrl)
    },
  })
}

/** From the start of the page to the screen it belongs to: who am I, where am I, with whom am I talking. */
export const useOpeningStore = defineStore('opening', () => {
  const api = useProvided(sidebarApiKey)
  const wecom = useProvided(wecomClientKey)
  const { login, storage, pageUrl } = useProvided(surroundingsKey)

  const self = ref<StaffSelf | null>(null)
  const entry = ref<WecomEntry | null>(null)
  const screen = ref<OpenedScreen | null>(null)
  const failure = ref<Failure | null>(null)
  const capabilities = computed(() => (entry.value === null ? nothing : capabilitiesFor(entry.value, wecom.platform)))

  async function askSelf(): Promise<StaffSelf> {
    const fresh = await api.staffSelf()
    login.succeeded()
    storage.setItem(appKey, JSON.stringify({ corpId: fresh.corpId, agentId: fresh.agentId }))
    return fresh
  }

  async function screenOfEntry(): Promise<OpenedScreen> {
    const found = await wecom.entry()
    entry.value = found
    if (capabilities.value.canReadContact) return { name: 'contact', externalUserId: await wecom.currentExternalUserId() }
    if (found === 'group_chat_tools') return { name: 'group' }
    return { name: found === 'normal' ? 'home' : 'elsewhere' }
  }

  async function find(): Promise<OpenedScreen | null> {
    if (!wecom.platform.isWecom) return { name: 'outside' }
    if (!isVersionAtLeast(wecom.platform.version, getContextSince)) return { name: 'outdated' }
    try {
      const asked = askSelf()
      if (isAboutApproval(pageUrl())) {
        self.value = await asked
        return { name: 'home' }
      }
      const known = readApp(storage)
      const app = known ? Promise.resolve(known) : asked
      // The app may be remembered, who is asking never: another person may have logged in since the last opening.
      const [found, fresh] = await Promise.all([registerApp(app, { api, wecom, url: pageUrl() }).then(screenOfEntry), asked])
      self.value = fresh
      return found
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error
      storage.removeItem(appKey)
      // Null: the page is leaving for the login, nothing more is to be shown.
      return login.tryOnce() ? null : { name: 'login' }
    }
  }

  /** Runs the opening; call it again to retry. */
  async function open(): Promise<void> {
    failure.value = null
    try {
      screen.value = await find()
    } catch (error) {
      failure.value = failureFor(error)
    }
  }

  return { self, entry, capabilities, screen, failure, open }
})
