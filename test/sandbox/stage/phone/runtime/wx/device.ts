import type { PhoneScreen } from '../PhoneScreen.ts'
import { settle, WxFailure, type CallOptions } from './settle.ts'

/** Base library the phone claims to have. */
const sdkVersion = '3.8.0'
const statusBarHeight = 32

function windowInfo(): Record<string, unknown> {
  const width = document.documentElement.clientWidth
  const height = document.documentElement.clientHeight
  const windowHeight = document.getElementById('pages')?.clientHeight ?? height
  const safeArea = { left: 0, right: width, top: statusBarHeight, bottom: height, width, height: height - statusBarHeight }
  return { pixelRatio: devicePixelRatio, screenWidth: width, screenHeight: height, windowWidth: width, windowHeight, statusBarHeight, safeArea, screenTop: height - windowHeight }
}

const deviceInfo = { brand: 'sandbox', model: 'Qihui Phone', system: 'iOS 18.0', platform: 'ios', abi: 'arm64', benchmarkLevel: 40, memorySize: 4096 }
const appBaseInfo = () => ({ SDKVersion: sdkVersion, version: '8.0.50', language: 'zh_CN', theme: 'light', enableDebug: false, fontSizeSetting: 17, fontSizeScaleFactor: 1, host: { env: 'WeChat' } })
const systemSetting = { bluetoothEnabled: true, locationEnabled: true, wifiEnabled: true, deviceOrientation: 'portrait' }

function menuButton(): Record<string, number> {
  const { left, right, top, bottom, width, height } = document.getElementById('capsule')?.getBoundingClientRect() ?? new DOMRect()
  return { left, right, top, bottom, width, height }
}

function createInfo(appId: string): Record<string, unknown> {
  const all = () => ({ ...windowInfo(), ...deviceInfo, ...appBaseInfo(), ...systemSetting })
  return {
    getWindowInfo: windowInfo,
    getDeviceInfo: () => deviceInfo,
    getAppBaseInfo: appBaseInfo,
    getSystemSetting: () => systemSetting,
    getAppAuthorizeSetting: () => ({ cameraAuthorized: 'not determined', notificationAuthorized: 'not determined' }),
    getSystemInfoSync: all,
    getSystemInfo: (options?: CallOptions) => settle('getSystemInfo', options, all),
    getSystemInfoAsync: (options?: CallOptions) => settle('getSystemInfoAsync', options, all),
    getMenuButtonBoundingClientRect: menuButton,
    getAccountInfoSync: () => ({ miniProgram: { appId, envVersion: 'release', version: '0.1.0' } }),
    getUpdateManager: () => ({ onCheckForUpdate: () => undefined, onUpdateReady: () => undefined, onUpdateFailed: () => undefined, applyUpdate: () => undefined }),
  }
}

/** The device: what it is, brightness, clipboard, vibration, calls. */
export function createDevice(appId: string, screen: PhoneScreen): Record<string, unknown> {
  let clipboard = ''
  let brightness = 0.5
  const quiet = (name: string) => (options?: CallOptions) => settle(name, options, () => ({}))
  return {
    ...createInfo(appId),
    getScreenBrightness: (options?: CallOptions) => settle('getScreenBrightness', options, () => ({ value: brightness })),
    setScreenBrightness: (options: CallOptions & { value: number }) => settle('setScreenBrightness', options, () => {
      if (!(options.value >= 0 && options.value <= 1)) throw new WxFailure('invalid value: use a number from 0 to 1')
      brightness = options.value
      document.body.dataset['brightness'] = String(brightness)
      return {}
    }),
    setKeepScreenOn: quiet('setKeepScreenOn'),
    vibrateShort: quiet('vibrateShort'),
    vibrateLong: quiet('vibrateLong'),
    setClipboardData: (options: CallOptions & { data: string }) => settle('setClipboardData', options, () => {
      clipboard = options.data
      screen.toast('内容已复制', 'none', 1500)
      return {}
    }),
    getClipboardData: (options?: CallOptions) => settle('getClipboardData', options, () => ({ data: clipboard })),
    makePhoneCall: (options: CallOptions & { phoneNumber: string }) => settle('makePhoneCall', options, async () => {
      if (!(await screen.modal({ content: `拨打 ${options.phoneNumber}？`, confirmText: '呼叫' }))) throw new WxFailure('cancel')
      return {}
    }),
    previewImage: quiet('previewImage'),
    getRandomValues: (options: CallOptions & { length: number }) => settle('getRandomValues', options, () => ({ randomValues: crypto.getRandomValues(new Uint8Array(options.length)).buffer })),
  }
}
