/**
 * What the parts of the sandbox promise each other. `world/` implements `World`; `vendors/` turns it into the three hosts of
 * the platform; `stage/` turns it into a phone and a desktop one can click. Sections in brackets are of the platform reference.
 */

import type { EffectLedger } from './faults/effectLedger.ts'
import type { FaultPlan } from './faults/faultPlan.ts'
import type { SandboxSettings } from './settings.ts'

/** Time of the sandbox. Tests move it; `npm start` uses the real clock. */
export interface SandboxClock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Moves the time forward and fires what became due. */
  advance(milliseconds: number): Promise<void>
  /** Runs once when the time has come; the answer cancels it. */
  after(milliseconds: number, run: () => void | Promise<void>): () => void
}

export interface SandboxStaff {
  readonly userId: string
  readonly name: string
  readonly departmentIds: readonly number[]
  readonly position: string
  /** Has the right to serve external contacts (客户联系). */
  readonly hasContactRight: boolean
  /** Inside the visible scope of our app. */
  readonly isVisible: boolean
}

export interface SandboxPerson {
  readonly personId: string
  /** WeChat nickname. */
  readonly name: string
  /** 1 a WeChat user, 2 a WeCom user of another corp (no unionid, cannot open the mini-program here). */
  readonly type: 1 | 2
  readonly gender: 0 | 1 | 2
  /** Mainland mobile, `1…` 11 digits; null when no phone is bound to WeChat. */
  readonly phone: string | null
  /** Null for people whose apps are not bound to the open platform. */
  readonly unionId: string | null
  readonly mpOpenId: string
  readonly externalUserId: string
  readonly corpName: string | null
  readonly email: string
}

/** A picture somebody can scan. */
export interface SandboxCode {
  readonly codeId: string
  readonly kind: 'miniProgram' | 'contactWay'
  /** `scene` of the mini-program code or `state` of the contact way. */
  readonly token: string
  readonly label: string
  /** PNG, a QR that really scans. */
  readonly image: Buffer
  readonly createdAt: number
}

/** What came into a person's phone or mailbox from outside WeChat, or to an employee in WeCom. */
export interface OutboxMessage {
  readonly messageId: string
  readonly at: number
  /** `app`: a message of our own app to an employee. */
  readonly medium: 'sms' | 'email' | 'app'
  /** Number, address or userid as the sender gave it. */
  readonly to: string
  /** Whom the number or address belongs to; null when to nobody of this world. */
  readonly personId: string | null
  readonly from: string
  readonly subject: string | null
  readonly text: string
  /** The sender's own reference: one reference is one message. */
  readonly clientRef: string | null
}

export type ScanResult =
  | { readonly kind: 'miniProgram'; readonly path: string; readonly query: Readonly<Record<string, string>>; readonly scene: number }
  | { readonly kind: 'contactAdded'; readonly staffUserId: string }
  | { readonly kind: 'page'; readonly url: string }

export interface ChatMessage {
  readonly at: number
  readonly from: 'staff' | 'person'
  readonly kind: 'text' | 'link' | 'miniProgram'
  readonly text: string
  /** Where a card or link leads: a mini-program path with query, or an address. */
  readonly target: string | null
  readonly imageUrl: string | null
}

export interface FollowRelation {
  readonly staffUserId: string
  readonly personId: string
  readonly createdAt: number
  readonly addWay: number
  readonly state: string | null
  readonly remark: string
  readonly tagIds: readonly string[]
  /** The customer deleted the rep: the relation still shows in lists [4.2]. */
  readonly isDeletedByCustomer: boolean
}

/** One line of what went over the wire, with secrets, phones, tokens and codes already cut out. */
export interface WireEntry {
  readonly id: number
  readonly at: number
  readonly from: 'phone' | 'desktop' | 'server' | 'wecom' | 'wechat'
  readonly to: 'phone' | 'desktop' | 'server' | 'wecom' | 'wechat'
  /** `POST /cgi-bin/externalcontact/mark_tag`, `callback add_external_contact`, `JSSDK agentConfig`. */
  readonly what: string
  /** What it means, in Chinese, one line. */
  readonly meaning: string
  readonly status: number | null
  readonly errcode: number | null
  readonly durationMs: number | null
}

export interface JssdkCheck {
  readonly identity: 'corp' | 'agent'
  readonly corpId: string
  readonly agentId: string | null
  readonly timestamp: string
  readonly nonceStr: string
  readonly signature: string
  /** Page address without the fragment. */
  readonly url: string
}

/** What `wx.config` of an official account's page sends to WeChat [9]. */
export interface WechatJssdkCheck {
  readonly appId: string
  readonly timestamp: string
  readonly nonceStr: string
  readonly signature: string
  /** Page address without the fragment. */
  readonly url: string
}

/** The state of the sandbox and everything people in it can do. All ids are deterministic for one seed. */
export interface World {
  readonly staff: readonly SandboxStaff[]
  readonly people: readonly SandboxPerson[]
  person(personId: string): SandboxPerson
  relations(): readonly FollowRelation[]
  codes(): readonly SandboxCode[]
  chat(staffUserId: string, personId: string): readonly ChatMessage[]
  tagNames(tagIds: readonly string[]): readonly string[]

  /** `wx.login`: 5 minutes, one use [8.1]. */
  loginCode(personId: string): string
  /** The phone button: 5 minutes, one use. Throws `NoPhoneError` when no phone is bound or the quota is used up [8.1]. */
  phoneCode(personId: string): string
  setPhoneQuota(remaining: number): void
  /** Scans a code with the person's WeChat. */
  scan(personId: string, codeId: string): Promise<ScanResult>
  /** Scans any code by what it says: a code of the platform, or an address that WeChat then opens. */
  scanContent(personId: string, content: string): Promise<ScanResult>
  /** The target of a `generate_urllink` address, or null when unknown or expired. */
  openUrlLink(url: string): { path: string; query: Readonly<Record<string, string>> } | null
  /** The customer adds the rep; raises `add_external_contact` with a welcome code [7.4, 4.5]. */
  addContact(input: { personId: string; staffUserId: string; state?: string; addWay?: number }): Promise<void>
  /** `member`: the rep deleted the customer; `customer`: the customer deleted the rep [12.16]. */
  removeContact(input: { personId: string; staffUserId: string; by: 'member' | 'customer' }): Promise<void>
  /** A rep edits remark or tags by hand in the client: raises `edit_external_contact`. */
  editContactByHand(input: { personId: string; staffUserId: string; remark?: string; addTagIds?: string[]; removeTagIds?: string[] }): Promise<void>
  say(input: { staffUserId: string; personId: string; message: Omit<ChatMessage, 'at'> }): void
  /** The admin changes what the app sees: raises `change_contact`. */
  setStaffVisible(staffUserId: string, isVisible: boolean): Promise<void>
  /** An admin changes the tag library in the console: raises `change_external_tag`; the app may mark such tags, not edit them [5, 7.4]. */
  createTagByConsole(groupName: string, tagName: string): Promise<string>
  renameTagByConsole(tagId: string, name: string): Promise<void>
  deleteTagByConsole(tagId: string): Promise<void>
  /** Another app of the corp wins the race for the welcome: ours gets 41051 [4.5]. */
  sendWelcomeByOtherApp(input: { personId: string; staffUserId: string; text: string }): Promise<void>
  /** The client's own check of a signature; the reason is the client's error text [2.2, 2.4]. */
  checkJssdk(check: JssdkCheck): { isAccepted: boolean; errMsg: string }
  /** The same in WeChat, with the official account's own ticket [9]. */
  checkWechatJssdk(check: WechatJssdkCheck): { isAccepted: boolean; errMsg: string }
  /** The next web authorisations of the person come from a snapshot page, until they ask for the full page [9]. */
  setSnapshot(personId: string, isSnapshot: boolean): void
  isSnapshot(personId: string): boolean
  /** What `getuserriskrank` answers for the person, 0 to 4. */
  setRiskRank(personId: string, rank: number): void
  /** SMS, mails and messages of the app, newest last; of one person, or all. */
  outbox(personId?: string): readonly OutboxMessage[]
  /** A code of the authorise page for whoever is logged in to the client [3.1]. */
  authorizeCode(identity: { staffUserId: string } | { personId: string }, scope: string): string
}

/** Live list of what happens; newest last, bounded. */
export interface WireLog {
  add(entry: Omit<WireEntry, 'id' | 'at'>): void
  entries(): readonly WireEntry[]
  onEntry(listener: (entry: WireEntry) => void): () => void
}

export interface SandboxOptions {
  /** Port of the one address; 0 picks a free one. */
  readonly port: number
  /** The product's server behind the gateway, e.g. `http://127.0.0.1:3001`; callbacks go to its `/callbacks/wecom`. Null: none yet. */
  readonly serverUrl: string | null
  readonly seed?: number
  /** How many people live in the world; 300 by default. */
  readonly peopleCount?: number
  readonly clock?: SandboxClock
  /** Folder of the shipped mini-program build; the phone runs it. */
  readonly miniProgramDist?: string
  /** Key of the simulated shop for `/api/integration/orders`; without it paying is refused with a clear line. */
  readonly integrationKey?: string
  /** False leaves the stage out: a test of the vendors starts faster. */
  readonly hasStage?: boolean
  /** File with the milliseconds the product's time was moved; none: it cannot be moved. */
  readonly clockFile?: string
  /** File that keeps the world over restarts; none: in memory only. */
  readonly stateFile?: string
  /** Port of the mail receiver; 0 picks a free one. Absent: no mail is received. */
  readonly smtpPort?: number
}

/**
 * An event of the platform, before it is wrapped, encrypted and pushed [7.4]. Undefined fields are left out. The world raises
 * `change_external_contact`, `change_external_tag` and `change_contact`; tests may raise anything.
 */
export interface CallbackEvent {
  readonly event: string
  readonly changeType: string
  readonly fields: Readonly<Record<string, string | undefined>>
}

/** What became of one event. `plaintext` is what was encrypted: tests may push it again. */
export interface DeliveryRecord {
  readonly event: string
  readonly changeType: string
  readonly plaintext: string
  tries: number
  isDelivered: boolean
}

/** Pushes events to our server's `/callbacks/wecom` [7.1]. */
export interface CallbackSender {
  raise(event: CallbackEvent): void
  /** Resolves when every event so far was delivered or given up. With a manual clock, retries wait for `advance`. */
  idle(): Promise<void>
  deliveries(): readonly DeliveryRecord[]
}

/** What `mountStage` builds on. */
export interface StageContext {
  readonly world: World
  readonly clock: SandboxClock
  readonly wire: WireLog
  readonly settings: SandboxSettings
  readonly options: SandboxOptions
  /** The one address, without a trailing slash; known once the sandbox listens. */
  url(): string
  /** Runs when the sandbox closes: end streams and agents here. */
  onClose(run: () => void | Promise<void>): void
}

/** A running sandbox. */
export interface Sandbox {
  readonly url: string
  readonly world: World
  readonly settings: SandboxSettings
  readonly faults: FaultPlan
  readonly effects: EffectLedger
  readonly callbacks: CallbackSender
  /** The platform voids tokens before their time: the next call gets 40014 (or 40001 on api.weixin.qq.com) [1.1]. */
  killToken(vendor?: 'wecom' | 'wechat'): void
  /** The console's check of the callback address; null when it would be saved, else the reason [7.1]. */
  verifyUrl(): Promise<string | null>
  readonly clock: SandboxClock
  readonly wire: WireLog
  /** Base addresses for the server's environment. */
  readonly bases: { readonly wecomApi: string; readonly wecomOpen: string; readonly wechatApi: string; readonly sms: string; readonly smtp: string | null }
  close(): Promise<void>
}
