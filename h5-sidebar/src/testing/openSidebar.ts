import { listContactApprovals } from '@qihui/shared/approval'
import { getContactBenefits } from '@qihui/shared/benefit'
import { createInvitation, recordInvitationSent } from '@qihui/shared/channel'
import { getSidebarContact, refreshContact, type SidebarContact } from '@qihui/shared/contact'
import { changeContactTags, listCorpTags } from '@qihui/shared/corp-tag'
import { getAgentConfigSignature, getStaffSelf } from '@qihui/shared/staff'
import { createMemoryHistory } from 'vue-router'
import { createHttp } from '../api/http.ts'
import { createLoginBounce } from '../api/loginBounce.ts'
import { createSidebarApi } from '../api/sidebarApi.ts'
import { createSidebar } from '../sidebar/createSidebar.ts'
import { createSidebarRouter } from '../sidebar/router.ts'
import { createCardSnapshots } from '../sidebar/stores/cardSnapshots.ts'
import { fakeWecomClient } from '../wecom/fakeWecomClient.ts'
import { contractServer } from './contractServer.ts'
import { corpTagGroups, invitation, memberCard, sampleNow, staffSelf } from './samples.ts'

interface OpenSidebarSettings {
  readonly wecom?: Parameters<typeof fakeWecomClient>[0]
  /** The card the server has; may be replaced later through the returned `world`. */
  readonly card?: SidebarContact
  /** The query of the page's address. */
  readonly query?: string
  /** Told before the page opens, to change what the server answers. */
  readonly prepare?: (server: ReturnType<typeof contractServer>) => void
}

/** The whole sidebar in the test's document: real stores, router and HTTP; the client and the server are stand-ins at their edges. */
export function openSidebar(settings: OpenSidebarSettings = {}) {
  const world = { card: settings.card ?? memberCard, now: sampleNow }
  const server = contractServer()
  server.on(getStaffSelf, () => staffSelf)
  server.on(getAgentConfigSignature, () => ({ timestamp: 1_700_000_000, nonceStr: 'nonce', signature: 'signature' }))
  server.on(getSidebarContact, () => world.card)
  server.on(refreshContact, () => ({ isQueued: true }))
  server.on(getContactBenefits, () => ({ isWaiting: false, held: [], next: [], usableCoupons: 0, adviserName: null, isOwnAdviser: false }))
  server.on(listContactApprovals, () => ({ approvals: [], mayBreakGlass: false }))
  server.on(listCorpTags, () => ({ groups: corpTagGroups }))
  server.on(changeContactTags, ({ body }) => {
    const library = corpTagGroups.flatMap((group) => group.tags)
    const kept = world.card.corpTags.filter((tag) => !body.removeTagIds.includes(tag.tagId))
    world.card = { ...world.card, corpTags: [...kept, ...library.filter((tag) => body.addTagIds.includes(tag.tagId))] }
    return { corpTags: world.card.corpTags }
  })
  server.on(createInvitation, () => invitation)
  server.on(recordInvitationSent, () => ({ isRecorded: true }))
  settings.prepare?.(server)

  const wecom = fakeWecomClient(settings.wecom)
  const now = () => world.now
  const visited: string[] = []
  const router = createSidebarRouter(createMemoryHistory())
  const app = createSidebar({
    api: createSidebarApi(createHttp(server.adapter)),
    wecom: wecom.client,
    surroundings: {
      now,
      storage: sessionStorage,
      pageUrl: () => `${location.href.split('#')[0] ?? ''}${settings.query ?? ''}`,
      login: createLoginBounce({
        storage: sessionStorage,
        location: { pathname: '/sidebar/', search: '', hash: '#/home' },
        now,
        go: (address) => visited.push(address),
      }),
      snapshots: createCardSnapshots(sessionStorage, now),
    },
    router,
  })
  const root = document.createElement('div')
  document.body.append(root)
  app.mount(root)

  const text = () => document.body.textContent ?? ''
  const button = (label: string) => {
    const found = Array.from(document.querySelectorAll<HTMLButtonElement>('button')).filter((element) => {
      const name = element.getAttribute('aria-label') ?? element.textContent ?? ''
      return name.trim() === label
    })
    const last = found[found.length - 1]
    if (!last) throw new Error(`No button ${label} in: ${text()}`)
    return last
  }
  return {
    world,
    server,
    wecom,
    router,
    visited,
    text,
    button,
    press: (label: string) => button(label).click(),
    close() {
      app.unmount()
      root.remove()
    },
  }
}
