import type { LaunchOptions } from '../../program.ts'
import type { PhoneScreen } from '../PhoneScreen.ts'
import type { Privacy } from '../Privacy.ts'
import { postSandbox } from '../sandboxApi.ts'
import { settle, type CallOptions } from './settle.ts'

const privacyContract = [
  '这是沙盒里的示例文本。正式环境中，这里显示小程序管理员在微信公众平台填写的《用户隐私保护指引》。',
  '开发者将收集你的手机号，用于注册会员与识别会员身份。',
]

/** Who is using the phone: login, the privacy guide, and how the mini-program was opened. */
export function createAccount(input: { personId: string; screen: PhoneScreen; privacy: Privacy; launch: LaunchOptions; enter: () => LaunchOptions }): Record<string, unknown> {
  const { personId, screen, privacy } = input
  return {
    login: (options?: CallOptions) => settle('login', options, async () => {
      const { code } = await postSandbox<{ code: string }>('/phone/login-code', { personId })
      return { code }
    }),
    checkSession: (options?: CallOptions) => settle('checkSession', options, () => ({})),
    getPrivacySetting: (options?: CallOptions) => settle('getPrivacySetting', options, () => ({ needAuthorization: !privacy.isAuthorized(), privacyContractName: '《企会会员用户隐私保护指引》' })),
    openPrivacyContract: (options?: CallOptions) => settle('openPrivacyContract', options, () => {
      void screen.showText('用户隐私保护指引', privacyContract)
      return {}
    }),
    requirePrivacyAuthorize: (options?: CallOptions) => settle('requirePrivacyAuthorize', options, async () => {
      await privacy.require('requirePrivacyAuthorize')
      return {}
    }),
    onNeedPrivacyAuthorization: (listener: Parameters<Privacy['listen']>[0]) => privacy.listen(listener),
    getLaunchOptionsSync: () => input.launch,
    getEnterOptionsSync: input.enter,
  }
}
