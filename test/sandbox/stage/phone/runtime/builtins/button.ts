import type { Privacy } from '../Privacy.ts'
import type { PhoneScreen } from '../PhoneScreen.ts'
import { postSandbox, SandboxRefusal } from '../sandboxApi.ts'
import { WxFailure } from '../wx/settle.ts'
import type { BuiltinInstance, BuiltinSpec } from './defineBuiltin.ts'

/** What the buttons need from the phone. */
export interface ButtonContext {
  readonly personId: string
  readonly maskedPhone: () => Promise<string | null>
  readonly privacy: Privacy
  readonly screen: PhoneScreen
}

type Detail = Record<string, unknown>

async function askForPhone(context: ButtonContext): Promise<Detail> {
  await context.privacy.require('getPhoneNumber')
  const isAllowed = await context.screen.askForPhone(await context.maskedPhone())
  if (!isAllowed) throw new WxFailure('user deny')
  const { code } = await postSandbox<{ code: string }>('/phone/phone-code', { personId: context.personId })
  return { errMsg: 'getPhoneNumber:ok', code, encryptedData: '', iv: '' }
}

function refusalDetail(error: unknown): Detail {
  if (error instanceof WxFailure || error instanceof SandboxRefusal) {
    return { errMsg: `getPhoneNumber:fail ${error.message}`, ...(error.errno === undefined ? {} : { errno: error.errno }) }
  }
  throw error
}

async function openPhone(self: BuiltinInstance, context: ButtonContext, eventName: string): Promise<void> {
  const detail = await askForPhone(context).catch(refusalDetail)
  self.triggerEvent(eventName, detail, {})
}

function runOpenType(self: BuiltinInstance, context: ButtonContext): void {
  const openTypes = String(self.data['openType']).split('|')
  if (openTypes.includes('agreePrivacyAuthorization')) {
    context.privacy.buttonTapped(self.id)
    self.triggerEvent('agreeprivacyauthorization', {}, {})
  }
  if (openTypes.includes('getPhoneNumber')) void openPhone(self, context, 'getphonenumber')
  if (openTypes.includes('getRealtimePhoneNumber')) void openPhone(self, context, 'getrealtimephonenumber')
  if (openTypes.includes('share')) context.screen.toast('已转发（沙盒）', 'none', 1500)
  if (openTypes.includes('contact')) context.screen.toast('已打开客服会话（沙盒）', 'none', 1500)
  const unknown = openTypes.filter((name) => name !== '' && !knownOpenTypes.has(name))
  if (unknown.length > 0) console.error(`沙盒手机没有实现 button 的 open-type="${unknown.join('|')}"`)
}

const knownOpenTypes = new Set(['agreePrivacyAuthorization', 'getPhoneNumber', 'getRealtimePhoneNumber', 'share', 'contact'])

/** `<button>` with its open types: phone number, privacy consent, share, contact [8.2]. */
export function createButton(context: ButtonContext): BuiltinSpec {
  return {
    name: 'button',
    properties: { type: 'default', size: 'default', plain: false, disabled: false, loading: false, openType: '', formType: '' },
    changed(_, element, property, value) {
      if (property === 'disabled') {
        element.toggleAttribute('disabled', value === true)
        element.setAttribute('aria-disabled', String(value === true))
        element.tabIndex = value === true ? -1 : 0
      }
      if (property === 'type' || property === 'size') element.setAttribute(property, String(value))
      if (property === 'plain' || property === 'loading') element.toggleAttribute(property, value === true)
    },
    attached(self, element) {
      if (!element.hasAttribute('role')) element.setAttribute('role', 'button')
      self.addListener('tap', () => runOpenType(self, context))
      element.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        self.triggerEvent('tap', { x: 0, y: 0 }, { bubbles: true, composed: true })
      })
    },
  }
}
