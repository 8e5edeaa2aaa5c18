import { VendorRefusal } from '../vendor/VendorRefusal.ts'
import { contactDetailWire, contactPageWire, contactWayWire, readWire } from './answers.wire.ts'
import type { WecomCaller } from './caller.ts'
import { wecomErrcode } from './refusals.ts'
import { toContact, toContactOfStaff, toFollower } from './translate.ts'
import type { ContactOfStaff, ExternalContactDetail, FollowUser, Wecom, WelcomeMessage, WelcomeOutcome } from './wecom.ts'

/** Most pairs one batch call answers (platform 4.2). */
const batchLimit = 100
/** `add_contact_way`: one member, a QR to scan (platform 4.4). */
const singleMember = 1
const qrScene = 2
/** What a link card takes, in bytes (platform 4.5). */
const linkTitleBytes = 128
const linkDescriptionBytes = 512

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

export function contactCalls(caller: WecomCaller): Pick<Wecom, 'getExternalContact' | 'listContactsOf' | 'sendWelcome' | 'addContactWay'> {
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
    listContactsOf: (staffUserIds) => readContactsOf(caller, staffUserIds),
    sendWelcome: (message) => caller.translated(() => postWelcome(caller, message)),
    addContactWay: ({ staffUserId, state, remark }) =>
      caller.translated(async () => {
        const path = '/cgi-bin/externalcontact/add_contact_way'
        const body = { type: singleMember, scene: qrScene, user: [staffUserId], state, remark, skip_verify: true }
        const wire = readWire(contactWayWire, path, await caller.ask({ method: 'POST', path, body }))
        return { configId: wire.config_id, qrCodeUrl: wire.qr_code }
      }),
  }
}
