import type { ModalChoice, PhoneScreen } from '../PhoneScreen.ts'
import type { PageStack } from '../PageStack.ts'
import { settle, WxFailure, type CallOptions } from './settle.ts'

interface ToastOptions extends CallOptions {
  readonly title: string
  readonly icon?: string
  readonly duration?: number
  readonly mask?: boolean
}

interface ScrollOptions extends CallOptions {
  readonly scrollTop?: number
  readonly selector?: string
  readonly offsetTop?: number
  readonly duration?: number
}

function createDialogs(screen: PhoneScreen): Record<string, unknown> {
  const hide = (name: string) => (options?: CallOptions) => settle(name, options, () => {
    screen.hideToast()
    return {}
  })
  return {
    showToast: (options: ToastOptions) => settle('showToast', options, () => {
      screen.toast(options.title, options.icon ?? 'success', options.duration ?? 1500, options.mask)
      return {}
    }),
    showLoading: (options: ToastOptions) => settle('showLoading', options, () => {
      screen.toast(options.title, 'loading', null, options.mask)
      return {}
    }),
    hideToast: hide('hideToast'),
    hideLoading: hide('hideLoading'),
    showModal: (options: CallOptions & ModalChoice) => settle('showModal', options, async () => {
      const confirm = await screen.modal(options)
      return { confirm, cancel: !confirm }
    }),
    showActionSheet: (options: CallOptions & { itemList: string[] }) => settle('showActionSheet', options, async () => {
      const tapIndex = await screen.actionSheet(options.itemList)
      if (tapIndex < 0) throw new WxFailure('cancel')
      return { tapIndex }
    }),
  }
}

function createBars(screen: PhoneScreen): Record<string, unknown> {
  const quiet = (name: string) => (options?: CallOptions) => settle(name, options, () => ({}))
  return {
    setNavigationBarTitle: (options: CallOptions & { title: string }) => settle('setNavigationBarTitle', options, () => {
      screen.setTitle(options.title)
      return {}
    }),
    setNavigationBarColor: (options: CallOptions & { frontColor: string; backgroundColor: string }) => settle('setNavigationBarColor', options, () => {
      screen.setBarColors(options.frontColor, options.backgroundColor)
      return {}
    }),
    showNavigationBarLoading: quiet('showNavigationBarLoading'),
    hideNavigationBarLoading: quiet('hideNavigationBarLoading'),
    hideHomeButton: quiet('hideHomeButton'),
    showShareMenu: quiet('showShareMenu'),
    hideShareMenu: quiet('hideShareMenu'),
    setBackgroundColor: quiet('setBackgroundColor'),
    setBackgroundTextStyle: quiet('setBackgroundTextStyle'),
    loadFontFace: quiet('loadFontFace'),
  }
}

function scrollPage(stack: PageStack, options: ScrollOptions): void {
  const frame = stack.topFrame
  const target = options.selector === undefined ? null : stack.top?.['createSelectorQuery']
  if (frame === undefined) return
  if (options.scrollTop !== undefined || typeof target !== 'function') {
    frame.scrollTo({ top: options.scrollTop ?? 0, behavior: options.duration === 0 ? 'auto' : 'smooth' })
    return
  }
  const query = Reflect.apply(target, stack.top, []) as { select(selector: string): { boundingClientRect(done: (box: { top: number } | null) => void): { exec(): void } } }
  query.select(options.selector ?? '').boundingClientRect((box) => {
    if (box === null) return
    frame.scrollTo({ top: frame.scrollTop + box.top - frame.getBoundingClientRect().top + (options.offsetTop ?? 0), behavior: 'smooth' })
  }).exec()
}

/** What the mini-program shows through the client: toasts, dialogs, bars, scrolling. */
export function createInterface(screen: PhoneScreen, stack: PageStack): Record<string, unknown> {
  return {
    ...createDialogs(screen),
    ...createBars(screen),
    pageScrollTo: (options: ScrollOptions) => settle('pageScrollTo', options, () => {
      scrollPage(stack, options)
      return {}
    }),
    startPullDownRefresh: (options?: CallOptions) => settle('startPullDownRefresh', options, () => {
      stack.pullDown()
      return {}
    }),
    stopPullDownRefresh: (options?: CallOptions) => settle('stopPullDownRefresh', options, () => ({})),
    createSelectorQuery: () => {
      const inside = (component: unknown) => (component as { createSelectorQuery(): unknown }).createSelectorQuery()
      const query = stack.top === undefined ? {} : (inside(stack.top) as object)
      return Object.assign(query, { in: inside })
    },
    nextTick: (run: () => void) => setTimeout(run, 0),
  }
}
