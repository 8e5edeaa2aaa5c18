/** Plain elements that built-in components and the client's own layer use. */
const plainTags = new Set(['img', 'input', 'textarea', 'div', 'section', 'span', 'p', 'br', 'b', 'i', 'strong', 'em', 'a', 'ul', 'ol', 'li', 'h1', 'h2', 'h3', 'h4', 'table', 'tbody', 'thead', 'tr', 'td', 'th'])
const builtinTags = new Set(['wx-page', 'wx-view', 'wx-text', 'wx-label', 'wx-form', 'wx-navigator', 'wx-button', 'wx-scroll-view', 'wx-swiper', 'wx-swiper-item', 'wx-root-portal', 'wx-image', 'wx-input', 'wx-textarea', 'wx-picker', 'wx-rich-text', 'wx-slot', 'wx-comp', 'virtual'])

/** Says on the console, once per tag, that the page uses a component this phone does not have. */
export function reportUnknownTags(pages: HTMLElement): void {
  const reported = new Set<string>()
  const check = (element: Element): void => {
    const tag = element.localName
    const isComponent = tag.includes('-') && !tag.startsWith('wx-')
    if (isComponent || plainTags.has(tag) || builtinTags.has(tag) || element.hasAttribute('wx-host') || reported.has(tag)) return
    reported.add(tag)
    console.error(`沙盒手机没有实现组件 <${tag.replace(/^wx-/, '')}>`)
  }
  new MutationObserver((records) => {
    for (const record of records) {
      for (const node of record.addedNodes) {
        if (!(node instanceof Element)) continue
        check(node)
        node.querySelectorAll('*').forEach(check)
      }
    }
  }).observe(pages, { childList: true, subtree: true })
}
