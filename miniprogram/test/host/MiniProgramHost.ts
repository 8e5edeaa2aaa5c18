import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createContext, runInContext, type Context } from 'node:vm'
import { createWx, type WxCall } from './createWx.ts'
import { readTemplates, type Template } from './templates.ts'
import { pathTo, screenNode, visibleText, type RawNode, type ScreenNode } from './tree.ts'

type PageMethod = (this: PageInstance, argument?: unknown) => void
interface PageInstance {
  readonly route: string
  data: { root?: RawNode }
  readonly [method: string]: unknown
}

/** The largest single `setData` the experience score allows. */
const setDataLimit = 256 * 1024

/** Writes a value at a path such as `root.cn.[0].cl`. */
function assign(target: object, path: string, value: unknown): void {
  const keys = path.replace(/\[(\d+)\]/g, '$1').split('.')
  const last = keys.pop() ?? ''
  const parent = keys.reduce<Record<string, unknown>>((node, key) => (node[key] ??= {}) as Record<string, unknown>, target as Record<string, unknown>)
  parent[last] = value
}

/**
 * Runs the shipped build without a browser: only the language, timers and `wx` exist for it, pages live in a stack,
 * `setData` builds the tree, taps go to the handlers the templates name. Drawing and the code of vant are not run.
 */
export class MiniProgramHost {
  readonly calls: WxCall[] = []
  readonly printed: unknown[][] = []
  /** Phone sheets WeChat has opened. */
  phoneSheets = 0
  largestSetData = 0
  private readonly context: Context
  private readonly modules = new Map<string, { exports: object }>()
  private readonly templates: ReadonlyMap<string, Template>
  private readonly pageConfigs = new Map<string, object>()
  private readonly stack: PageInstance[] = []
  private appConfig: Record<string, PageMethod | undefined> = {}
  private loadingPage = ''

  constructor(
    private readonly dist: string,
    serverUrl: () => string,
    /** Survives a kill; everything else is gone with the host. */
    readonly storage: Map<string, unknown> = new Map(),
  ) {
    this.templates = readTemplates(dist)
    const print = (...words: unknown[]) => void this.printed.push(words)
    const wx = createWx({ serverUrl, storage, onCall: (call) => void this.calls.push(call), navigate: (kind, url) => this.navigate(kind, url) })
    this.context = createContext({
      wx,
      App: (config: typeof this.appConfig) => (this.appConfig = config),
      Page: (config: object) => this.pageConfigs.set(this.loadingPage, config),
      Component: () => undefined,
      Behavior: () => undefined,
      getApp: () => this.appConfig,
      getCurrentPages: () => this.stack,
      setTimeout, clearTimeout, setInterval, clearInterval,
      console: { log: print, info: print, warn: print, error: print, debug: print },
    })
  }

  /** Starts the app as a scan, a card or the recent list would. */
  launch(path: string, query: Readonly<Record<string, string>> = {}): void {
    this.load('app.js')
    const options = { path, query, scene: 1047, referrerInfo: {} }
    this.appConfig['onLaunch']?.call(this.appConfig as never, options)
    this.appConfig['onShow']?.call(this.appConfig as never, options)
    this.open(path, query)
  }

  /** Closes the app for good, as swiping it away does: timers of pages end, nothing runs on. */
  kill(): void {
    for (const page of this.stack.splice(0)) this.callPage(page, 'onUnload')
  }

  get route(): string {
    return this.top.route
  }

  get tree(): ScreenNode {
    return screenNode({ nn: '0', cn: this.top.data.root?.cn ?? [] }, this.templates)
  }

  /** Everything that can be read on the screen. */
  get text(): string {
    return visibleText(this.tree)
  }

  /** The way to what says exactly this, else to the first that has it in its words or its label. */
  find(label: string): readonly ScreenNode[] {
    const { tree } = this
    const path =
      pathTo(tree, ({ text, attributes }) => text.trim() === label || attributes['aria-label'] === label) ??
      pathTo(tree, ({ text, attributes }) => text.includes(label) || String(attributes['aria-label'] ?? '').includes(label))
    if (path === null) throw new Error(`nothing on ${this.route} says "${label}"; it says: ${this.text}`)
    return path
  }

  /** Taps what carries this text or label; the tap rises through everything above it. */
  tap(label: string): void {
    const path = this.find(label)
    const button = path.find(({ tag }) => tag === 'button')
    if (String(button?.attributes['open-type'] ?? '').includes('getPhoneNumber')) this.phoneSheets += 1
    for (const node of [...path].reverse()) if (node.events.has('tap')) this.fire(node, 'tap')
    if (String(button?.attributes['open-type'] ?? '') === 'agreePrivacyAuthorization' && button) this.fire(button, 'agreeprivacyauthorization')
  }

  /** Types into the field with this label, replacing what it holds. */
  type(label: string, value: string): void {
    this.fire(this.nodeFor(label, 'input'), 'input', { value, cursor: value.length })
  }

  /** Chooses in the picker with this label: an index, a day, or a region with its codes. */
  pick(label: string, detail: { value: string | readonly string[]; code?: readonly string[] }): void {
    this.fire(this.nodeFor(label, 'picker'), 'change', detail)
  }

  /** The value of the field with this label. */
  valueOf(label: string): string {
    return String(this.nodeFor(label, 'input').attributes['value'] ?? '')
  }

  /** What the person answered on WeChat's phone sheet. */
  answerPhone(detail: { code?: string; errMsg: string; errno?: number }): void {
    const button = pathTo(this.tree, ({ attributes }) => String(attributes['open-type'] ?? '').includes('getPhoneNumber'))?.at(-1)
    if (button === undefined) throw new Error('no phone button is on the screen')
    this.fire(button, 'getphonenumber', detail)
  }

  private nodeFor(label: string, tag: string): ScreenNode {
    const node = pathTo(this.tree, (one) => one.tag === tag && String(one.attributes['aria-label'] ?? '').startsWith(label))?.at(-1)
    if (node === undefined || node.tag !== tag) throw new Error(`no ${tag} on ${this.route} is labelled "${label}"; it says: ${this.text}`)
    return node
  }

  back(): void {
    this.navigate('back', '')
  }

  pullDown(): void {
    this.callPage(this.top, 'onPullDownRefresh')
  }

  private get top(): PageInstance {
    const page = this.stack.at(-1)
    if (page === undefined) throw new Error('no page is open')
    return page
  }

  private fire(node: ScreenNode, type: string, detail: object = {}): void {
    const target = { id: node.sid, dataset: { sid: node.sid } }
    this.callPage(this.top, 'eh', { type, detail, target, currentTarget: target, timeStamp: Date.now() })
  }

  private callPage(page: PageInstance, method: string, argument?: unknown): void {
    const call = page[method]
    if (typeof call === 'function') (call as PageMethod).call(page, argument)
  }

  private navigate(kind: 'push' | 'replace' | 'relaunch' | 'back', url: string): void {
    const leaving = kind === 'relaunch' ? this.stack.splice(0) : kind === 'push' ? [] : this.stack.splice(-1)
    if (kind === 'push') this.callPage(this.top, 'onHide')
    for (const page of leaving.reverse()) this.callPage(page, 'onUnload')
    if (kind === 'back') return this.callPage(this.top, 'onShow')
    const [path = '', queryText = ''] = url.replace(/^\//, '').split('?')
    this.open(path, Object.fromEntries(new URLSearchParams(queryText)))
  }

  private open(path: string, query: Readonly<Record<string, string>>): void {
    this.loadingPage = path
    this.load(`${path}.js`)
    const config = this.pageConfigs.get(path)
    if (config === undefined) throw new Error(`${path}.js registered no page`)
    const page: PageInstance = {
      ...config,
      route: path,
      data: {},
      setData: (patch: object, done?: () => void) => {
        const wire = JSON.stringify(patch)
        this.largestSetData = Math.max(this.largestSetData, wire.length)
        if (wire.length > setDataLimit) throw new Error(`setData of ${wire.length} bytes on ${path}`)
        for (const [key, value] of Object.entries(JSON.parse(wire) as object)) assign(page.data, key, value)
        if (done) setTimeout(done, 0)
      },
    }
    this.stack.push(page)
    this.callPage(page, 'onLoad', { ...query })
    this.callPage(page, 'onShow')
    this.callPage(page, 'onReady')
  }

  private load(file: string): object {
    const known = this.modules.get(file)
    if (known !== undefined) return known.exports
    const module = { exports: {} }
    this.modules.set(file, module)
    const code = readFileSync(join(this.dist, file), 'utf8')
    const run = runInContext(`(function (require, module, exports) {${code}\n})`, this.context, { filename: file }) as (...parts: unknown[]) => void
    run((target: string) => this.load(join(dirname(file), target.endsWith('.js') ? target : `${target}.js`)), module, module.exports)
    return module.exports
  }
}
