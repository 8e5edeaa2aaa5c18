import type { BuiltinSpec } from './defineBuiltin.ts'

/** Where a picture of the build is served. */
function addressOf(source: unknown, route: string): string {
  if (typeof source !== 'string' || source === '') return ''
  if (/^(https?:|data:|blob:)/.test(source)) return source
  const base = new URL(`/stage/phone/assets/${route}`, location.origin)
  return source.startsWith('/') ? `/stage/phone/assets${source}` : new URL(source, base).pathname
}

const fits: Readonly<Record<string, string>> = { scaleToFill: 'fill', aspectFit: 'contain', aspectFill: 'cover', widthFix: 'fill', heightFix: 'fill', center: 'none' }

/** `<image>`: 320 x 240 unless styled, as in the client. */
export const image: BuiltinSpec = {
  name: 'image',
  properties: { src: '', mode: 'scaleToFill', lazyLoad: false, showMenuByLongpress: false, resolvedSrc: '', fit: 'fill', alt: '' },
  changed(self, element, property, value) {
    if (property === 'src') self.setData({ resolvedSrc: addressOf(value, element.closest<HTMLElement>('[data-route]')?.dataset['route'] ?? '') })
    if (property === 'ariaLabel') self.setData({ alt: typeof value === 'string' ? value : '' })
    if (property === 'mode') {
      self.setData({ fit: fits[String(value)] ?? 'fill' })
      element.dataset['mode'] = String(value)
    }
  },
  attached(self, element) {
    const picture = element.querySelector('img')
    picture?.addEventListener('load', () => self.triggerEvent('load', { width: picture.naturalWidth, height: picture.naturalHeight }, {}))
    picture?.addEventListener('error', () => self.triggerEvent('error', { errMsg: 'GET image fail' }, {}))
  },
}
