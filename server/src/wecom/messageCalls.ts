import { VendorRefusal } from '../vendor/VendorRefusal.ts'
import type { WecomCaller } from './caller.ts'
import { wecomErrcode } from './refusals.ts'
import type { Wecom } from './wecom.ts'

/** Longest WeCom remembers a message to tell a repeat (document 90236), seconds. */
const repeatSeconds = 14_400

export function messageCalls(caller: WecomCaller, agentId: string): Pick<Wecom, 'sendAppMessage'> {
  return {
    sendAppMessage: ({ staffUserIds, title, text, url }) =>
      caller.translated(async () => {
        const body = {
          // Sorted: a repeat has to be the same request, byte by byte.
          touser: [...staffUserIds].sort().join('|'),
          msgtype: 'textcard',
          agentid: Number(agentId),
          textcard: { title, description: text, url, btntxt: '查看' },
          enable_duplicate_check: 1,
          duplicate_check_interval: repeatSeconds,
        }
        try {
          await caller.ask({ method: 'POST', path: '/cgi-bin/message/send', body })
        } catch (error) {
          // Everybody has left the visible scope meanwhile: there is nobody to tell.
          if (!(error instanceof VendorRefusal && error.errcode === wecomErrcode.noReceiver)) throw error
        }
      }),
  }
}
