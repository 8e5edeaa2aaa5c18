import { VendorRefusal } from '../vendor/VendorRefusal.ts'
import { contactDetailWire, contactIdsWire, contactPageWire, contactWayDetailWire, contactWayListWire, contactWayWire, readWire } from './answers.wire.ts'
import type { WecomCaller } from './caller.ts'
import { wecomErrcode } from './refusals.ts'
import { toContact, toContactOfStaff, toFollower } from './translate.ts'
import type { ContactOfStaff, ContactWay, ExternalContactDetail, FollowUser, Wecom, WelcomeMessage, WelcomeOutcome } from './wecom.ts'

/** Most pairs one batch call answers (platform 4.2). */
const batchLimit = 100
/** `add_contact_way`: one member, a QR to scan (platform 4.4). */
const singleMember = 1
const qrScene = 2
/** What a link card takes, in bytes (platform 4.5). */
const linkTitleBytes = 128
const linkDescriptionBytes = 512

/** Most ways one page lists (platform 4.4). */
const waysLimit = 1_000
/** Their clock and ours. */
const clockToleranceMs = 60_000

/** The employee left, or may not be asked about any more. */
const askedInVain: readonly number[] = [wecomErrcode.badUserId, wecomErrcode.outsideVisibility, wecomErrcode.userOutsideVisibility, wecomErrcode.unknownUser, wecomErrcode.noContactRight]

/** Nobody in scope follows this contact any more; which number says so is not confirmed (platform 13). */
const goneContact: readonly number[] = [wecomErrcode.noRelation, wecomErrcode.badUserId, wecomErrcode.badExternalUserId]

async function readContact(caller: WecomCaller, externalUserId: string): Promise<ExternalContactDetail | null> {
  const path = '/cgi-bin/externalcontact/get'
  const followUsers: FollowUser[] = []
  for (let cursor = ''; ; ) {
    const query = { external_userid: externalUserId, ...(cursor === '' ? {} : { cursor }) }
    const wire = readWire(contactDetailWire, path, await caller.ask({ method: 'GET', path, query }))
    followUsers.push(...wire.follow_user.map(toFollower))
    if (wire.next_cursor === '' || wire.next_cursor === cursor) return { contact: toContact(wire.external_contact), followUsers }
    cursor = wire.next_cursor
  }
}

async function readContactIds(caller: WecomCaller, staffUserId: string): Promise<string[] | null> {
  const path = '/cgi-bin/externalcontact/list'
  try {
    return readWire(contactIdsWire, path, await caller.ask({ method: 'GET', path, query: { userid: staffUserId } })).external_userid
  } catch (error) {
    if (!(error instanceof VendorRefusal)) throw error
    // An employee without a single contact is refused as if there were no relation (platform 4.2).
    if (error.errcode === wecomErrcode.noRelation) return []
    if (askedInVain.includes(error.errcode)) return null
    throw error
  }
}

async function* readContactsOf(caller: WecomCaller, staffUserIds: readonly string[]): AsyncGenerator<readonly ContactOfStaff[]> {
  const path = '/cgi-bin/externalcontact/batch/get_by_user'
  for (let cursor = ''; ; ) {
    const body = { userid_list: staffUserIds, cursor, limit: batchLimit }
    const wire = await caller.translated(async () => readWire(contactPageWire, path, await caller.ask({ method: 'POST', path, body })))
    yield wire.external_contact_list.map(toContactOfStaff)
    if (wire.next_cursor === '' || wire.next_cursor === cursor) return
    cursor = wire.next_cursor
  }
}

/** Cuts on a character, not in the middle of one. */
function capBytes(text: string, bytes: number): string {
  return new TextDecoder('utf-8').decode(Buffer.from(text).subarray(0, bytes)).replace(/\uFFFD+$/, '')
}

async function postWelcome(caller: WecomCaller, message: WelcomeMessage): Promise<WelcomeOutcome> {
  const { welcomeCode, text, link } = message
  const attachments = link && [
    {
      msgtype: 'link',
      link: { title: capBytes(link.title, linkTitleBytes), picurl: link.imageUrl, desc: capBytes(link.description, linkDescriptionBytes), url: link.url },
    },
  ]
  try {
    await caller.ask({
      method: 'POST',
      path: '/cgi-bin/externalcontact/send_welcome_msg',
      body: { welcome_code: welcomeCode, text: { content: text }, ...(attachments ? { attachments } : {}) },
    })
    return 'sent'
  } catch (error) {
    if (error instanceof VendorRefusal && error.errcode === wecomErrcode.welcomeCodeGone) return 'codeGone'
    if (error instanceof VendorRefusal && error.errcode === wecomErrcode.welcomeAlreadyTalking) return 'alreadyTalking'
    throw error
  }
}

/** A way carries its state where only its own page shows it: those made since are opened one after the other. */
async function findWay(caller: WecomCaller, state: string, since: Date): Promise<ContactWay | null> {
  const listPath = '/cgi-bin/externalcontact/list_contact_way'
  const path = '/cgi-bin/externalcontact/get_contact_way'
  const start_time = Math.floor((since.getTime() - clockToleranceMs) / 1000)
  for (let cursor = ''; ; ) {
    const body = { start_time, limit: waysLimit, ...(cursor === '' ? {} : { cursor }) }
    const page = readWire(contactWayListWire, listPath, await caller.ask({ method: 'POST', path: listPath, body }))
    for (const { config_id } of page.contact_way) {
      const { contact_way: way } = readWire(contactWayDetailWire, path, await caller.ask({ method: 'POST', path, body: { config_id } }))
      if (way.state === state) return { configId: way.config_id, qrCodeUrl: way.qr_code }
    }
    if (page.next_cursor === '' || page.next_cursor === cursor) return null
    cursor = page.next_cursor
  }
}

async function makeWay(caller: WecomCaller, staffUserId: string, state: string, remark: string): Promise<ContactWay> {
  const path = '/cgi-bin/externalcontact/add_contact_way'
  const body = { type: singleMember, scene: qrScene, user: [staffUserId], state, remark, skip_verify: true }
  const wire = readWire(contactWayWire, path, await caller.ask({ method: 'POST', path, body }))
  return { configId: wire.config_id, qrCodeUrl: wire.qr_code }
}

export function contactCalls(caller: WecomCaller): Pick<Wecom, 'getExternalContact' | 'listContactIds' | 'listContactsOf' | 'sendWelcome' | 'addContactWay'> {
  return {
    getExternalContact: (externalUserId) =>
      caller.translated(async () => {
        try {
          return await readContact(caller, externalUserId)
        } catch (error) {
          if (error instanceof VendorRefusal && goneContact.includes(error.errcode)) return null
          throw error
        }
      }),
    listContactIds: (staffUserId) => caller.translated(() => readContactIds(caller, staffUserId)),
    listContactsOf: (staffUserIds) => readContactsOf(caller, staffUserIds),
    sendWelcome: (message) => caller.translated(() => postWelcome(caller, message)),
    addContactWay: ({ staffUserId, state, remark, mayExistSince }) =>
      caller.translated(async () => (mayExistSince && (await findWay(caller, state, mayExistSince))) ?? makeWay(caller, staffUserId, state, remark)),
  }
}
