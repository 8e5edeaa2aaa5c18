import type { ChatMessage, FollowRelation, SandboxStaff, ScanResult } from '../../types.ts'

/** One person as the control API shows them. */
export interface StagePerson {
  readonly personId: string
  readonly name: string
  readonly type: 1 | 2
  readonly externalUserId: string
  readonly corpName: string | null
  readonly hasUnionId: boolean
  readonly phoneMasked: string | null
  readonly email: string
  readonly isSnapshot: boolean
}

export interface StageCode {
  readonly codeId: string
  readonly kind: 'miniProgram' | 'contactWay'
  readonly label: string
  readonly createdAt: number
  readonly imageUrl: string
  /** Invite page of the same token. */
  readonly invitePath: string
}

/** One SMS or mail, or a message of our app to an employee. */
export interface StageMessage {
  readonly messageId: string
  readonly at: number
  readonly medium: 'sms' | 'email' | 'app'
  readonly from: string
  readonly subject: string | null
  readonly text: string
}

/** `GET /_sandbox/state`. */
export interface StageState {
  readonly now: number
  readonly currentStaff: string | null
  readonly staff: readonly SandboxStaff[]
  readonly people: readonly StagePerson[]
  readonly relations: readonly (FollowRelation & { readonly tagNames: readonly string[] })[]
  readonly codes: readonly StageCode[]
  readonly canPay: boolean
  readonly canMoveTime: boolean
}

async function exchange<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(`/_sandbox${path}`, init)
  const answer = (await response.json()) as T & { message?: string }
  if (!response.ok) throw new Error(answer.message ?? `沙盒没有完成这个操作（HTTP ${response.status}）`)
  return answer
}

function post<T>(path: string, body: unknown): Promise<T> {
  return exchange(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
}

/** The control API as the page uses it. Every call rejects with words for a person. */
export const api = {
  state: () => exchange<StageState>('/state'),
  chat: (staffUserId: string, personId: string) => exchange<{ messages: ChatMessage[] }>(`/chats/${encodeURIComponent(staffUserId)}/${encodeURIComponent(personId)}`),
  scan: (personId: string, codeId: string) => post<ScanResult>('/scan', { personId, codeId }),
  scanContent: (personId: string, content: string) => post<ScanResult>('/scan-content', { personId, content }),
  outbox: (personId: string) => exchange<{ messages: StageMessage[] }>(`/outbox?personId=${encodeURIComponent(personId)}`),
  appMessages: (staffUserId: string) => exchange<{ messages: StageMessage[] }>(`/staff/${encodeURIComponent(staffUserId)}/app-messages`),
  setSnapshot: (personId: string, isSnapshot: boolean) => post(`/people/${encodeURIComponent(personId)}/snapshot`, { isSnapshot }),
  addContact: (personId: string, staffUserId: string) => post('/contacts', { personId, staffUserId }),
  say: (staffUserId: string, personId: string, from: 'staff' | 'person', text: string) => post('/messages', { staffUserId, personId, from, text }),
  openLink: (url: string) => post<{ path: string; query: Record<string, string> }>('/phone/open-link', { url }),
  pay: (personId: string, amountFen: number) => post<{ growthEarned: number }>('/shop/orders', { personId, amountFen }),
  forward: (step: { readonly days?: number; readonly months?: number; readonly date?: string }) => post<{ now: number; nightlyRuns: number }>('/clock/forward', step),
  switchStaff: (staffUserId: string) => post('/identity', { staffUserId }),
}
