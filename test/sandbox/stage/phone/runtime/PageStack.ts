import type { Root } from 'glass-easel-miniprogram-adapter'
import type { PageConfig } from '../program.ts'
import type { PhoneScreen } from './PhoneScreen.ts'
import { watchPull } from './watchPull.ts'

/** The instance a page's code sees as `this`. */
export interface PageInstance {
  route: string
  options: Readonly<Record<string, string>>
  readonly [method: string]: unknown
}

interface OpenPage {
  readonly route: string
  readonly root: Root
  readonly instance: PageInstance
  readonly frame: HTMLElement
  readonly config: PageConfig
}

/** How a page is made; the mini-program knows its code, the stack only its life. */
export interface PageFactory {
  readonly hasPage: (route: string) => boolean
  readonly configOf: (route: string) => PageConfig
  readonly createRoot: (route: string) => Root
}

/** The client refuses more than this. */
const maximumDepth = 10

function call(page: OpenPage, method: string, ...parameters: unknown[]): void {
  const handler = page.instance[method]
  if (typeof handler === 'function') Reflect.apply(handler, page.instance, parameters)
}

/** Opens, stacks and closes pages, and tells them so in the client's order. */
export class PageStack {
  private readonly pages: OpenPage[] = []
  private readonly factory: PageFactory
  private readonly screen: PhoneScreen

  constructor(factory: PageFactory, screen: PhoneScreen) {
    this.factory = factory
    this.screen = screen
  }

  get instances(): readonly PageInstance[] {
    return this.pages.map((page) => page.instance)
  }

  get top(): PageInstance | undefined {
    return this.pages.at(-1)?.instance
  }

  get topFrame(): HTMLElement | undefined {
    return this.pages.at(-1)?.frame
  }

  /** @throws Error with the client's words when there is no such page or the stack is full. */
  push(route: string, query: Readonly<Record<string, string>>): void {
    this.check(route)
    if (this.pages.length >= maximumDepth) throw new Error('webview count limit exceed')
    this.hideTop()
    this.open(route, query)
  }

  replace(route: string, query: Readonly<Record<string, string>>): void {
    this.check(route)
    this.closeTop()
    this.open(route, query)
  }

  relaunch(route: string, query: Readonly<Record<string, string>>): void {
    this.check(route)
    while (this.pages.length > 0) this.closeTop()
    this.open(route, query)
  }

  /** Goes back as far as there is a page. @throws when there is none below. */
  back(delta: number): void {
    if (this.pages.length < 2) throw new Error('cannot navigate back at first page.')
    const closing = Math.min(Math.max(delta, 1), this.pages.length - 1)
    for (let count = 0; count < closing; count += 1) this.closeTop()
    this.showTop()
  }

  get canGoBack(): boolean {
    return this.pages.length > 1
  }

  hideTop(): void {
    const page = this.pages.at(-1)
    if (page === undefined) return
    call(page, 'onHide')
    page.root.getComponent().triggerPageLifetime('hide', [])
    page.frame.hidden = true
  }

  showTop(): void {
    const page = this.pages.at(-1)
    if (page === undefined) return
    page.frame.hidden = false
    this.screen.showNavigationBar(page.config, this.canGoBack)
    page.root.getComponent().triggerPageLifetime('show', [])
    call(page, 'onShow')
  }

  /** Pull-down refresh of the page on top, when its settings allow it. */
  pullDown(): void {
    const page = this.pages.at(-1)
    if (page?.config.enablePullDownRefresh === true) call(page, 'onPullDownRefresh')
  }

  private check(route: string): void {
    if (!this.factory.hasPage(route)) throw new Error(`page "${route}" is not found`)
  }

  private open(route: string, query: Readonly<Record<string, string>>): void {
    const root = this.factory.createRoot(route)
    const instance = root.get() as unknown as PageInstance
    instance.route = route
    instance.options = query
    const frame = document.createElement('section')
    frame.className = 'page-frame'
    frame.dataset['route'] = route
    const config = this.factory.configOf(route)
    frame.style.backgroundColor = config.backgroundColor ?? '#ffffff'
    const placeholder = document.createElement('span')
    frame.append(placeholder)
    this.screen.pages.append(frame)
    const page: OpenPage = { route, root, instance, frame, config }
    this.pages.push(page)
    root.attach(frame as never, placeholder as never)
    ;(root.getComponent().getBackendElement() as unknown as HTMLElement).dataset['route'] = route
    call(page, 'onLoad', query)
    this.showTop()
    requestAnimationFrame(() => {
      root.getComponent().triggerLifetime('ready', [])
      call(page, 'onReady')
    })
    this.watchScroll(page)
    watchPull(frame, () => this.pullDown())
  }

  private closeTop(): void {
    const page = this.pages.pop()
    if (page === undefined) return
    call(page, 'onUnload')
    page.root.release()
    page.frame.remove()
  }

  private watchScroll(page: OpenPage): void {
    page.frame.addEventListener('scroll', () => {
      call(page, 'onPageScroll', { scrollTop: page.frame.scrollTop })
      const rest = page.frame.scrollHeight - page.frame.clientHeight - page.frame.scrollTop
      if (rest < 50) call(page, 'onReachBottom')
    })
  }
}
