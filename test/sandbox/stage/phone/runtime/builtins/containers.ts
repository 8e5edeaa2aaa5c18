import type { BuiltinInstance, BuiltinSpec } from './defineBuiltin.ts'

function scrollDetail(element: HTMLElement): Record<string, number> {
  const { scrollLeft, scrollTop, scrollWidth, scrollHeight } = element
  return { scrollLeft, scrollTop, scrollWidth, scrollHeight }
}

function watchScroll(self: BuiltinInstance, element: HTMLElement): void {
  element.addEventListener('scroll', () => {
    self.triggerEvent('scroll', scrollDetail(element), {})
    const rest = element.scrollHeight - element.clientHeight - element.scrollTop
    if (rest <= Number(self.data['lowerThreshold'])) self.triggerEvent('scrolltolower', { direction: 'bottom' }, {})
  })
}

const scrollView: BuiltinSpec = {
  name: 'scroll-view',
  properties: { scrollX: false, scrollY: false, scrollTop: 0, scrollLeft: 0, lowerThreshold: 50, scrollIntoView: '', type: '' },
  changed(_, element, property, value) {
    if (property === 'scrollX') element.style.overflowX = value === true ? 'auto' : 'hidden'
    if (property === 'scrollY') element.style.overflowY = value === true ? 'auto' : 'hidden'
    if (property === 'scrollTop') element.scrollTop = Number(value)
    if (property === 'scrollLeft') element.scrollLeft = Number(value)
  },
  attached: watchScroll,
}

const swiper: BuiltinSpec = {
  name: 'swiper',
  properties: { current: 0, vertical: false, indicatorDots: false, autoplay: false, circular: false },
  changed(_, element, property, value) {
    if (property === 'current') element.scrollTo({ left: Number(value) * element.clientWidth })
  },
  attached(self, element) {
    element.addEventListener('scrollend', () => {
      self.triggerEvent('change', { current: Math.round(element.scrollLeft / element.clientWidth), source: 'touch' }, {})
    })
  },
}

const text: BuiltinSpec = {
  name: 'text',
  properties: { selectable: false, userSelect: false, space: '', decode: false },
  changed(_, element, property, value) {
    if (property === 'userSelect' || property === 'selectable') element.style.userSelect = value === true ? 'text' : ''
  },
}

/** `<rich-text>`: HTML as text, put through the browser's own parser; scripts and handlers never survive. */
function richTextNodes(html: string): Node[] {
  const parsed = new DOMParser().parseFromString(html, 'text/html')
  for (const node of parsed.querySelectorAll('script, style, iframe, object, embed, link')) node.remove()
  for (const node of parsed.querySelectorAll('*')) {
    for (const name of node.getAttributeNames()) if (name.startsWith('on')) node.removeAttribute(name)
  }
  return [...parsed.body.childNodes]
}

const richText: BuiltinSpec = {
  name: 'rich-text',
  properties: { nodes: null, space: '' },
  changed(_, element, property, value) {
    if (property === 'nodes') element.firstElementChild?.replaceChildren(...(typeof value === 'string' ? richTextNodes(value) : []))
  },
}

/** Boxes that hold other nodes, and text. */
export const containers: readonly BuiltinSpec[] = [
  { name: 'view' },
  { name: 'root-portal', properties: { enable: true } },
  { name: 'label', properties: { for: '' } },
  { name: 'swiper-item' },
  { name: 'form' },
  scrollView,
  swiper,
  text,
  richText,
]
