import { randomUUID } from 'node:crypto'
import type { Channel, createChannel, getChannelFunnel, sendInvite } from '@qihui/shared/channel'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import { staffCookieOf } from '../factories/staffCookieOf.ts'

type Funnel = ResponseOf<typeof getChannelFunnel>
type Body = object

/** What became of a channel: its members, and how many visits reached each step of the funnel. */
export interface ChannelOutcome {
  readonly registrations: number
  readonly utm: Channel['utm']
  readonly opened: number
  readonly consented: number
  readonly member: number
}

/** The product as an employee's programs use it, beside the browser. */
export class ProductApi {
  readonly #url: string
  readonly #cookie: string

  private constructor(url: string, cookie: string) {
    this.#url = url
    this.#cookie = cookie
  }

  /** @param staffUserId `manager.wu` is an operator, `rep.li` is not */
  static async logIn(url: string, staffUserId = 'manager.wu'): Promise<ProductApi> {
    return new ProductApi(url, await staffCookieOf({ url }, staffUserId))
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#call('GET', path)
  }

  post<Answer>(path: string, body: Body): Promise<Answer> {
    return this.#call('POST', path, body)
  }

  /** Makes a channel and waits until its codes are there. */
  async createChannel(input: BodyOf<typeof createChannel>): Promise<Channel> {
    const { channelId } = await this.post<Channel>('/api/channels', input)
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const channel = await this.#channel(channelId)
      if (channel.state === 'ready') return channel
      await new Promise((done) => setTimeout(done, 100))
    }
    throw new Error(`the codes of channel ${input.name} were not made in time`)
  }

  sendInvite(channelId: string, recipients: readonly string[]): Promise<ResponseOf<typeof sendInvite>> {
    return this.post(`/api/channels/${channelId}/deliveries`, { recipients })
  }

  async outcomeOf(channelId: string): Promise<ChannelOutcome> {
    const [{ registrations, utm }, { steps }] = [await this.#channel(channelId), await this.get<Funnel>(`/api/channels/${channelId}/funnel`)]
    const visits = (step: string): number => steps.find((one) => one.step === step)?.visits ?? 0
    return { registrations, utm, opened: visits('opened'), consented: visits('consented'), member: visits('member') }
  }

  async #channel(channelId: string): Promise<Channel> {
    const { channels } = await this.get<{ channels: Channel[] }>('/api/channels')
    const found = channels.find((channel) => channel.channelId === channelId)
    if (found === undefined) throw new Error(`there is no channel ${channelId}`)
    return found
  }

  async #call<Answer>(method: string, path: string, body?: Body): Promise<Answer> {
    const headers = { cookie: this.#cookie, origin: this.#url, 'idempotency-key': randomUUID(), 'content-type': 'application/json' }
    const response = await fetch(`${this.#url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${await response.text()}`)
    return (await response.json()) as Answer
  }
}
