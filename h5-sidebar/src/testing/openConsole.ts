import { createChannel, getChannelFunnel, listChannels } from '@qihui/shared/channel'
import { listPolicies } from '@qihui/shared/consent'
import { listCorpTags } from '@qihui/shared/corp-tag'
import { listDeliveries } from '@qihui/shared/delivery'
import { checkForm, formDiff, listForms, publishProblems } from '@qihui/shared/form'
import { listGrowthRules, previewGrowthRules } from '@qihui/shared/growth'
import { getHealth } from '@qihui/shared/health'
import { getConsistency, getMergePreview, listIdentityReviews, listMerges } from '@qihui/shared/identity'
import { listDocuments, listStaffBehaviour } from '@qihui/shared/interaction'
import { listApiKeys } from '@qihui/shared/member'
import { listRiskAllowances, listRiskDecisions } from '@qihui/shared/risk'
import { getStaffSelf } from '@qihui/shared/staff'
import { listTierRules, previewTierRules } from '@qihui/shared/tier'
import { createMemoryHistory } from 'vue-router'
import { createConsoleApi } from '../api/consoleApi.ts'
import { createHttp } from '../api/http.ts'
import { createLoginBounce } from '../api/loginBounce.ts'
import { createConsole } from '../console/createConsole.ts'
import { createConsoleRouter } from '../console/router.ts'
import * as samples from './consoleSamples.ts'
import { runningState } from './healthSamples.ts'
import * as growthSamples from './growthSamples.ts'
import { contractServer } from './contractServer.ts'
import { corpTagGroups, sampleNow } from './samples.ts'

type Server = ReturnType<typeof contractServer>

/** Everything the console asks for, answered by the samples. The publish gate is the real rule. */
function answerWithSamples(server: Server): void {
  server.on(getStaffSelf, () => samples.operator)
  server.on(listChannels, () => ({ channels: [samples.scanChannel, samples.linkChannel] }))
  server.on(createChannel, () => samples.scanChannel)
  server.on(getChannelFunnel, ({ params }) => ({ ...samples.funnel, channelId: params['channelId'] ?? '' }))
  server.on(listCorpTags, () => ({ groups: corpTagGroups }))
  server.on(listDeliveries, () => ({ deliveries: [samples.delivery] }))
  server.on(listForms, () => ({ forms: [samples.form] }))
  server.on(checkForm, ({ body }) => {
    const inForce = samples.form.versions[0]?.definition ?? null
    const diff = formDiff(inForce, body.definition)
    return { problems: publishProblems(body.definition), diff }
  })
  server.on(listPolicies, () => ({ policies: [samples.policy] }))
  server.on(listIdentityReviews, ({ query }) => ({ reviews: query['state'] === 'decided' ? [] : [samples.review] }))
  server.on(getMergePreview, () => samples.preview)
  server.on(listMerges, () => ({ merges: [samples.merge] }))
  server.on(getConsistency, () => samples.consistency)
  server.on(listRiskDecisions, ({ query }) => (query['open'] === 'true' ? samples.riskList : { decisions: [], alarms: [] }))
  server.on(listRiskAllowances, () => ({ allowances: [samples.allowance] }))
  server.on(listGrowthRules, () => growthSamples.growthRules)
  server.on(previewGrowthRules, () => growthSamples.growthPreview)
  server.on(listTierRules, () => growthSamples.tierRules)
  server.on(previewTierRules, () => growthSamples.tierPreview)
  server.on(listDocuments, () => growthSamples.trackedDocuments)
  server.on(listStaffBehaviour, () => growthSamples.staffBehaviour)
  server.on(getHealth, () => runningState)
  server.on(listApiKeys, () => ({ keys: [samples.apiKey] }))
}

function found<E extends Element>(candidates: Iterable<E>, nameOf: (element: E) => string, name: string): E {
  // The last one: what opened last lies on top.
  const element = Array.from(candidates).filter((candidate) => nameOf(candidate).trim() === name).pop()
  if (!element) throw new Error(`Nothing called ${name} in: ${document.body.textContent}`)
  return element
}

/** What a person does with the page: find things by what they are called, and press or fill them. */
const hands = {
  text: () => document.body.textContent ?? '',
  button: (label: string) =>
    found(document.querySelectorAll<HTMLButtonElement>('button'), (element) => element.getAttribute('aria-label') ?? element.textContent ?? '', label),
  press: (label: string) => hands.button(label).click(),
  link: (label: string) => found(document.querySelectorAll<HTMLAnchorElement>('a'), (element) => element.getAttribute('aria-label') ?? element.textContent ?? '', label),
  /** The input of a labelled form row, or the one that carries the label itself. */
  field(label: string) {
    const own = document.querySelector<HTMLInputElement | HTMLTextAreaElement>(`input[aria-label="${label}"], textarea[aria-label="${label}"]`)
    if (own) return own
    const row = found(document.querySelectorAll('.el-form-item'), (element) => element.querySelector('.el-form-item__label')?.textContent ?? '', label)
    const input = row.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea')
    if (!input) throw new Error(`No input in ${label}`)
    return input
  },
  fill(label: string, value: string) {
    const input = hands.field(label)
    input.value = value
    input.dispatchEvent(new Event('input', { bubbles: true }))
    input.dispatchEvent(new Event('change', { bubbles: true }))
  },
  /** Radio or checkbox by the beginning of its words. */
  choose(words: string) {
    const label = Array.from(document.querySelectorAll<HTMLLabelElement>('label.el-radio, label.el-checkbox, label.el-radio-button')).find((element) => element.textContent?.trim().startsWith(words))
    const input = label?.querySelector('input')
    if (!input) throw new Error(`No choice ${words} in: ${document.body.textContent}`)
    input.click()
  },
}

interface OpenConsoleSettings {
  /** Route inside the console, `/channels`. */
  readonly at?: string
  /** Told before the page opens, to change what the server answers. */
  readonly prepare?: (server: Server) => void
}

/** The whole console in the test's document: real stores, router and HTTP; only the server is a stand-in. */
export async function openConsole({ at = '/overview', prepare }: OpenConsoleSettings = {}) {
  const world = { now: sampleNow, canCopy: true }
  const server = contractServer()
  answerWithSamples(server)
  prepare?.(server)
  const visited: string[] = []
  const copied: string[] = []
  const now = () => world.now
  const router = createConsoleRouter(createMemoryHistory())
  const location = { pathname: '/console/', search: '', hash: `#${at}` }
  const app = createConsole({
    api: createConsoleApi(createHttp(server.adapter)),
    surroundings: {
      now,
      login: createLoginBounce({ storage: sessionStorage, location, now, go: (address) => visited.push(address) }),
      openLoginWindow: () => visited.push('login window'),
      copy: async (text) => {
        if (!world.canCopy) throw new Error('NotAllowedError')
        copied.push(text)
      },
    },
    router,
  })
  await router.push(at)
  const root = document.createElement('div')
  document.body.append(root)
  app.mount(root)
  return {
    ...hands,
    world,
    server,
    router,
    visited,
    copied,
    close() {
      app.unmount()
      // Dialogs and messages live beside the root.
      document.body.replaceChildren()
    },
  }
}
