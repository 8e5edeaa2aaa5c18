import type { LaunchOptions, PhoneSettings } from '../../program.ts'
import type { PageStack } from '../PageStack.ts'
import type { PhoneScreen } from '../PhoneScreen.ts'
import type { Privacy } from '../Privacy.ts'
import { createAccount } from './account.ts'
import { createDevice } from './device.ts'
import { createInterface } from './interface.ts'
import { createNavigation } from './navigation.ts'
import { createNetwork } from './network.ts'
import { settle, WxFailure, type CallOptions } from './settle.ts'
import { createStorage } from './storage.ts'

/** What `wx` is made from. */
export interface WxContext {
  readonly personId: string
  readonly settings: PhoneSettings
  readonly screen: PhoneScreen
  readonly stack: PageStack
  readonly privacy: Privacy
  readonly launch: LaunchOptions
  readonly enter: () => LaunchOptions
  readonly onExit: () => void
}

/** Listeners for things that do not happen on this phone; accepting them is all the client would visibly do. */
const silentListeners = ['onAppShow', 'offAppShow', 'onAppHide', 'offAppHide', 'onError', 'offError', 'onUnhandledRejection', 'offUnhandledRejection', 'onPageNotFound', 'offPageNotFound', 'onThemeChange', 'offThemeChange', 'onWindowResize', 'offWindowResize', 'onMemoryWarning', 'offMemoryWarning', 'onUserCaptureScreen', 'offUserCaptureScreen'] as const

/** Calls of the client that this phone does not have. They fail and say so, so that nobody takes silence for success. */
const missingCalls = ['chooseImage', 'chooseMedia', 'chooseAvatar', 'chooseAddress', 'chooseLocation', 'getLocation', 'getFuzzyLocation', 'scanCode', 'requestPayment', 'requestSubscribeMessage', 'getUserProfile', 'getUserInfo', 'uploadFile', 'downloadFile', 'connectSocket', 'saveImageToPhotosAlbum', 'navigateToMiniProgram', 'openEmbeddedMiniProgram', 'openCustomerServiceChat', 'openLocation', 'openDocument', 'getSetting', 'openSetting', 'authorize', 'getWeRunData', 'createCanvasContext', 'createInnerAudioContext', 'createVideoContext', 'getFileSystemManager', 'getImageInfo', 'compressImage', 'setTabBarItem', 'showTabBar', 'hideTabBar'] as const

function missing(name: string): (options?: CallOptions) => unknown {
  return (options) => {
    console.error(`沙盒手机没有实现 wx.${name}`)
    return settle(name, options, () => {
      throw new WxFailure('not supported by the sandbox phone')
    })
  }
}

/** The `wx` object of one running mini-program. */
export function createWx(context: WxContext): Record<string, unknown> {
  const { personId, settings, screen, stack } = context
  const calls: Record<string, unknown> = {
    ...Object.fromEntries(missingCalls.map((name) => [name, missing(name)])),
    ...Object.fromEntries(silentListeners.map((name) => [name, () => undefined])),
    ...createNetwork(settings.apiHost),
    ...createStorage(personId),
    ...createNavigation(stack, context.onExit),
    ...createInterface(screen, stack),
    ...createDevice(settings.appId, screen),
    ...createAccount(context),
    env: { USER_DATA_PATH: 'wxfile://usr' },
  }
  const unsupported = new Set<string>(missingCalls)
  calls['canIUse'] = (schema: string) => {
    const name = schema.split('.')[0] ?? ''
    return name in calls && !unsupported.has(name)
  }
  return calls
}
