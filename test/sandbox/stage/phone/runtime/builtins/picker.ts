import type { PhoneScreen } from '../PhoneScreen.ts'
import type { BuiltinInstance, BuiltinSpec } from './defineBuiltin.ts'

/** Some divisions with their codes of GB/T 2260; the client has all of them. */
const regions: readonly { readonly value: readonly string[]; readonly code: readonly string[] }[] = [
  { value: ['北京市', '北京市', '朝阳区'], code: ['110000', '110100', '110105'] },
  { value: ['上海市', '上海市', '静安区'], code: ['310000', '310100', '310106'] },
  { value: ['浙江省', '杭州市', '西湖区'], code: ['330000', '330100', '330106'] },
  { value: ['广东省', '广州市', '天河区'], code: ['440000', '440100', '440106'] },
  { value: ['广东省', '深圳市', '南山区'], code: ['440000', '440300', '440305'] },
  { value: ['四川省', '成都市', '武侯区'], code: ['510000', '510100', '510107'] },
]

function linesOf(range: unknown, rangeKey: unknown): string[] {
  const items = Array.isArray(range) ? (range as unknown[]) : []
  return items.map((item) => String(typeof item === 'object' && item !== null && typeof rangeKey === 'string' ? (item as Record<string, unknown>)[rangeKey] : item))
}

/** What the person chose, as the detail of `change`; null when nothing was. */
async function choose(self: BuiltinInstance, screen: PhoneScreen): Promise<object | null> {
  const { mode, range, rangeKey, value, start, end } = self.data
  if (mode === 'date') {
    const day = await screen.pickDay(String(value ?? ''), String(start ?? ''), String(end ?? ''))
    return day === '' ? null : { value: day }
  }
  if (mode === 'region') return regions[await screen.actionSheet(regions.map((region) => region.value.join(' ')))] ?? null
  if (mode !== 'selector') throw new Error(`沙盒手机没有实现 picker 的 mode="${String(mode)}"`)
  const index = await screen.actionSheet(linesOf(range, rangeKey))
  return index < 0 ? null : { value: String(index) }
}

/** `<picker>` of the modes selector, date and region. */
export function createPicker(screen: PhoneScreen): BuiltinSpec {
  return {
    name: 'picker',
    properties: { mode: 'selector', range: null, rangeKey: '', value: null, start: '', end: '', fields: 'day', level: '', disabled: false, name: '', headerText: '', customItem: '' },
    attached(self, element) {
      element.setAttribute('role', 'button')
      element.tabIndex = 0
      const open = async (): Promise<void> => {
        if (self.data['disabled'] === true) return
        const chosen = await choose(self, screen)
        self.triggerEvent(chosen === null ? 'cancel' : 'change', chosen ?? {}, {})
      }
      self.addListener('tap', () => void open())
      element.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' || event.key === ' ') void open()
      })
    },
  }
}
