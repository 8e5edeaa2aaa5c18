import type { BuiltinInstance, BuiltinSpec } from './defineBuiltin.ts'

const methods: Readonly<Record<string, string>> = { navigate: 'navigateTo', redirect: 'redirectTo', reLaunch: 'reLaunch', switchTab: 'switchTab', navigateBack: 'navigateBack', exit: 'exitMiniProgram' }

/** `<navigator>`: a link between pages. */
export function createNavigator(navigate: (method: string, options: Record<string, unknown>) => void): BuiltinSpec {
  return {
    name: 'navigator',
    properties: { url: '', openType: 'navigate', delta: 1 },
    attached(self: BuiltinInstance, element) {
      element.setAttribute('role', 'link')
      element.tabIndex = 0
      self.addListener('tap', () => {
        const method = methods[String(self.data['openType'])]
        if (method === undefined) console.error(`沙盒手机没有实现 navigator 的 open-type="${String(self.data['openType'])}"`)
        else navigate(method, { url: self.data['url'], delta: self.data['delta'], fail: (error: unknown) => console.error(error) })
      })
    },
  }
}
