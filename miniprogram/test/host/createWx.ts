import { randomBytes } from 'node:crypto'

/** What a call of the build to the client looked like. */
export interface WxCall {
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
}

/** What the host lends to `wx`. */
export interface WxHooks {
  /** Base address that stands for the host baked into the build. */
  readonly serverUrl: () => string
  readonly storage: Map<string, unknown>
  readonly onCall: (call: WxCall) => void
  readonly navigate: (kind: 'push' | 'replace' | 'relaunch' | 'back', url: string) => void
}

interface Callbacks {
  success?: (result: object) => void
  fail?: (error: { errMsg: string }) => void
}

interface RequestOptions extends Callbacks {
  url: string
  method: string
  header: Record<string, string>
  data?: object
}

const apiHost = 'https://member-api.qihui.example'

async function request(options: RequestOptions, serverUrl: string): Promise<void> {
  if (!options.url.startsWith(`${apiHost}/`)) throw new Error('request:fail url not in domain list')
  const body = options.data === undefined ? {} : { body: JSON.stringify(options.data) }
  const answer = await fetch(serverUrl + options.url.slice(apiHost.length), { method: options.method, headers: options.header, ...body })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') === true
  options.success?.({ statusCode: answer.status, data: isJson ? JSON.parse(text) : text, header: {} })
}

function settle(options: Callbacks, result: object): void {
  queueMicrotask(() => options.success?.(result))
}

/** The part of `wx` the mini-program uses; anything else is undefined, as in a client that lacks it. */
export function createWx(hooks: WxHooks): Record<string, unknown> {
  let logins = 0
  let privacyListener: ((resolve: (answer: object) => void) => void) | undefined
  const quiet = (options: Callbacks) => settle(options, {})
  const calls: Record<string, (options: never) => unknown> = {
    login: (options: Callbacks) => settle(options, { code: `login-code-${++logins}` }),
    request: (options: RequestOptions) => void request(options, hooks.serverUrl()).catch(() => options.fail?.({ errMsg: 'request:fail' })),
    getStorageSync: (key: string) => hooks.storage.get(key) ?? '',
    removeStorageSync: (key: string) => hooks.storage.delete(key),
    navigateTo: ({ url }: { url: string }) => hooks.navigate('push', url),
    redirectTo: ({ url }: { url: string }) => hooks.navigate('replace', url),
    reLaunch: ({ url }: { url: string }) => hooks.navigate('relaunch', url),
    navigateBack: () => hooks.navigate('back', ''),
    getAppBaseInfo: () => ({ fontSizeSetting: 17 }),
    getScreenBrightness: (options: Callbacks) => settle(options, { value: 0.4 }),
    setScreenBrightness: quiet,
    stopPullDownRefresh: (options: Callbacks | undefined) => quiet(options ?? {}),
    showToast: quiet,
    openPrivacyContract: quiet,
    getRandomValues: (options: Callbacks & { length: number }) => settle(options, { randomValues: new Uint8Array(randomBytes(options.length)).buffer }),
    onNeedPrivacyAuthorization: (listener: typeof privacyListener) => {
      privacyListener = listener
    },
    // Waits for the privacy guide, as the client does for everything that touches personal data.
    setClipboardData: (options: Callbacks) =>
      privacyListener?.((answer) => {
        if ('buttonId' in answer) options.success?.({})
        else options.fail?.({ errMsg: 'setClipboardData:fail privacy permission is not authorized' })
      }),
  }
  const wx: Record<string, unknown> = {
    setStorageSync: (key: string, value: unknown) => {
      hooks.onCall({ name: 'setStorageSync', options: { key, value } })
      hooks.storage.set(key, JSON.parse(JSON.stringify(value)))
    },
    canIUse: () => true,
    getSystemInfoSync: () => ({ SDKVersion: '3.8.0', platform: 'ios' }),
  }
  for (const [name, call] of Object.entries(calls)) {
    wx[name] = (options: never) => {
      hooks.onCall({ name, options: typeof options === 'object' ? options : {} })
      return call(options)
    }
  }
  return wx
}
