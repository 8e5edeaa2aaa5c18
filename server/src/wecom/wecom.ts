import type { EchoAnswer } from '@qihui/shared/doctor'
import type { WecomProbe } from './probe.ts'

/** Who came back from the WeCom authorise page. A visitor is never staff, whatever else is known of them. */
export type OauthIdentity =
  | { readonly kind: 'staff'; readonly staffUserId: string }
  | { readonly kind: 'visitor'; readonly openId: string; readonly externalUserId: string | null }

/** An employee as the app may see them. */
export interface StaffProfile {
  readonly staffUserId: string
  readonly name: string
  readonly departmentIds: readonly number[]
  /** Those of them they lead. */
  readonly ledDepartmentIds: readonly number[]
  /** Direct leaders (直属上级). */
  readonly leaderIds: readonly string[]
  /** False for disabled, not activated and departed employees. */
  readonly isActive: boolean
}

/** A department inside the app's visible scope. `parentId` is 0 for the root, and names nobody when the parent is not visible. */
export interface Department {
  readonly departmentId: number
  readonly name: string
  readonly parentId: number
}

/** The relation of one staff with one external contact. `addedAt` is exact to the second. */
export interface FollowUser {
  readonly staffUserId: string
  readonly remark: string
  readonly addedAt: Date
  readonly addWay: number
  /** What the contact way or acquisition link carried; null for other sources. Weak evidence only: it can be stale. */
  readonly state: string | null
  /** Corp tags only; personal tags have no id. */
  readonly tagIds: readonly string[]
}

/** A customer as WeCom knows them. */
export interface ExternalContact {
  readonly externalUserId: string
  readonly name: string
  /** 1 a WeChat user, 2 a WeCom user of another corp. */
  readonly type: 1 | 2
  readonly avatarUrl: string | null
  readonly corpName: string | null
  /** Only for type 1, and only after the corp has bound a developer id in the console. */
  readonly unionId: string | null
}

/** One external contact with every staff that follows it. */
export interface ExternalContactDetail {
  readonly contact: ExternalContact
  readonly followUsers: readonly FollowUser[]
}

/** One (staff, contact) pair of a batch read. */
export interface ContactOfStaff {
  readonly contact: ExternalContact
  readonly followUser: FollowUser
}

/** What one employee did on one local day, all customers together: WeCom counts by employee and never says with whom. */
export interface StaffBehaviourDay {
  /** When the day begins. */
  readonly day: Date
  readonly chats: number
  /** Messages the employee sent. */
  readonly messages: number
  /** Percent of chats the employee answered; null on a day without any. */
  readonly replyPercent: number | null
  /** Minutes to the first answer, on average; null on a day without any. */
  readonly replyMinutes: number | null
  readonly newApplications: number
  readonly newContacts: number
  /** Customers who deleted or blocked the employee. */
  readonly lostContacts: number
}

/** A group of the tag library. Deleted tags and groups are left out. */
export interface CorpTagGroup {
  readonly groupId: string
  readonly name: string
  readonly tags: readonly { readonly tagId: string; readonly name: string; readonly order: number }[]
}

/** What a customer gets as first message: a text, and a link card when there is one. */
export interface WelcomeMessage {
  readonly welcomeCode: string
  readonly text: string
  readonly link: { readonly title: string; readonly description: string; readonly url: string; readonly imageUrl: string } | null
}

/** `codeGone`: unknown, used or older than 20 s (41050). `alreadyTalking`: another app was first, or the chat began (41051). */
export type WelcomeOutcome = 'sent' | 'codeGone' | 'alreadyTalking'

/** A card our app sends to employees: title at most 128 bytes, text 512, address 2,048 (document 90236). */
export interface AppMessage {
  /** At most 1,000. */
  readonly staffUserIds: readonly string[]
  readonly title: string
  readonly text: string
  readonly url: string
}

/** `notFollowing`: the pair no longer exists (84061). `unknownTag`: the library changed under us (40068). */
export type MarkOutcome = 'marked' | 'notFollowing' | 'unknownTag'

/** What a change of the tag library came to. `notOurs`: another app or the console made it (81011, 301002). `full`: no more tags fit. */
export type LibraryOutcome = 'done' | 'unknownTag' | 'nameTaken' | 'notOurs' | 'full'

/** Tags to add to and take from one (staff, contact) pair in one call. */
export interface TagMark {
  readonly staffUserId: string
  readonly externalUserId: string
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/** A "contact me" QR. `configId` is the only handle there is: ways made by API do not show in the console. */
export interface ContactWay {
  readonly configId: string
  readonly qrCodeUrl: string
}

/** A JSSDK ticket. It never leaves the server. */
export interface JsapiTicket {
  readonly ticket: string
  readonly expiresAt: Date
}

/**
 * WeCom in our own words: the calls the product makes, without vendor spelling (platform 1-7).
 * Every call @throws AppError `vendor.unavailable` (no answer, rate limit, not JSON) or `vendor.configuration`
 * (secret, trusted IP, missing right: the detail says what to change in the console).
 */
export interface Wecom {
  /** Exchanges an authorise code, one use, 5 minutes [3.2]. @throws `oauth.codeInvalid` */
  getStaffByCode(code: string): Promise<OauthIdentity>
  /** Null when the employee is outside the app's visible scope or has left [6]. */
  getStaff(staffUserId: string): Promise<StaffProfile | null>
  /** Every department the app may see, in one call [6]. */
  listDepartments(): Promise<Department[]>
  /** Every staff with the customer-contact right inside the app's visible scope [4.2]. */
  listFollowStaff(): Promise<string[]>
  /**
   * One employee's figures for the local days from `from` to `until`, both included; at most 30 days, none older than 180, none of today
   * (document 92132). Null when the employee has no figures to give: outside the visible scope, or without the customer-contact right.
   */
  getStaffBehaviour(staffUserId: string, from: Date, until: Date): Promise<StaffBehaviourDay[] | null>
  /** A contact with all its followers, all pages read; null when nobody in scope follows it any more [4.2]. */
  getExternalContact(externalUserId: string): Promise<ExternalContactDetail | null>
  /** Ids of all contacts of one employee, in one call [4.2]; those who deleted the employee are among them. Null when the employee may not be asked about. */
  listContactIds(staffUserId: string): Promise<string[] | null>
  /** All contacts of these staff (at most 100), page by page [4.2]. */
  listContactsOf(staffUserIds: readonly string[]): AsyncIterable<readonly ContactOfStaff[]>
  /** Once, within 20 s of the event [4.5]. */
  sendWelcome(message: WelcomeMessage): Promise<WelcomeOutcome>
  /** To employees, from our app. The very same message again within four hours is not delivered again; who is outside the visible scope gets none. */
  sendAppMessage(message: AppMessage): Promise<void>
  /** The whole tag library [5]. */
  listCorpTags(): Promise<CorpTagGroup[]>
  /** Creates tags in a group, by id or by name; one of that name is made when it is missing. Answers the tags just made [5]. */
  addCorpTags(group: { readonly id: string } | { readonly name: string }, tagNames: readonly string[]): Promise<CorpTagGroup | Exclude<LibraryOutcome, 'done'>>
  /** Renames or moves a tag or a group of ours; larger orders stand first [5]. */
  editCorpTag(edit: { readonly id: string; readonly name?: string; readonly order?: number }): Promise<LibraryOutcome>
  /** Deletes tags of ours, or a whole group; they leave every customer [5]. */
  deleteCorpTags(ids: { readonly tagIds: readonly string[] } | { readonly groupId: string }): Promise<LibraryOutcome>
  /** Changes the tags of one pair; a change already made is no error [5]. API-made changes raise no callback. */
  markTags(mark: TagMark): Promise<MarkOutcome>
  /**
   * A permanent QR of one staff that carries `state` (at most 30 characters) [4.4]. Each call makes another one.
   * `mayExistSince`: when it may have been made already, from then on; it is looked for first, and there is one.
   */
  addContactWay(way: { readonly staffUserId: string; readonly state: string; readonly remark: string; readonly mayExistSince: Date | null }): Promise<ContactWay>
  /** Ticket of the corp identity, cached across instances; 400 fetches an hour per corp [2.1]. */
  getCorpTicket(): Promise<JsapiTicket>
  /** Ticket of the app identity, cached across instances; 100 fetches an hour per app [2.1]. */
  getAgentTicket(): Promise<JsapiTicket>
  /** One try of every setting, for somebody who looks; it never throws and keeps nothing. */
  probe(): Promise<WecomProbe>
  /** Asks our own callback address, as WeCom would, whether it answers. @param url without a query */
  askOwnCallback(url: string): Promise<EchoAnswer>
}
