import { CurrentWindowBackendContext, triggerEvent, type Element as EaselElement } from 'glass-easel'

/** Plain elements inside built-in components are written `dom-…` in their templates; everything else becomes `wx-…`. */
function elementName(tag: string): string {
  if (tag.startsWith('dom-')) return tag.slice('dom-'.length)
  return tag.includes('-') && !builtinsWithDash.has(tag) ? tag : `wx-${tag}`
}

const builtinsWithDash = new Set(['scroll-view', 'swiper-item', 'rich-text', 'root-portal'])

/** Events of the DOM that the client's own layer makes too. All others come from the built-in components, once. */
const forwardedEvents = new Set(['tap', 'canceltap', 'touchstart', 'touchmove', 'touchend', 'touchcancel', 'transitionend', 'animationend'])

function touchesOf(detail: Record<string, unknown>): Record<string, unknown> {
  const touches = detail['touches'] ?? [{ identifier: 0, pageX: detail['x'], pageY: detail['y'], clientX: detail['x'], clientY: detail['y'] }]
  return { touches, changedTouches: detail['changedTouches'] ?? touches }
}

/** The component framework on the real DOM, with element names and events as in the client. */
export function createBackend(): CurrentWindowBackendContext {
  const backend = new CurrentWindowBackendContext()
  const plain = backend.document
  backend.document = {
    createElement: (tag: string) => plain.createElement(elementName(tag)),
    createTextNode: (content: string) => plain.createTextNode(content),
    createDocumentFragment: () => plain.createDocumentFragment(),
  }
  backend.onEvent((target: EaselElement, type, detail: Record<string, unknown>, options) => {
    if (!forwardedEvents.has(type)) return
    triggerEvent(target, type, detail, { ...options, composed: true, extraFields: touchesOf(detail) })
  })
  return backend
}
