import { addGlobalErrorListener, addGlobalWarningListener, ComponentSpace, type GeneralBehavior } from 'glass-easel'
import { component as adapterComponent, MiniProgramEnv, type AssociatedBackend, type CodeSpace } from 'glass-easel-miniprogram-adapter'
import type { LaunchOptions, PageConfig, PhoneProgram, ProgramEntry } from '../program.ts'
import { defineBuiltin, type BuiltinSpec } from './builtins/defineBuiltin.ts'
import { createBackend } from './createBackend.ts'
import type { PageFactory } from './PageStack.ts'

type Definition = Record<string, unknown> & { properties?: Record<string, unknown>; behaviors?: unknown[] }
type AppInstance = Record<string, unknown>
type Factory = (definition: Definition) => unknown

/** Values cross between the client's two threads as JSON: functions and `undefined` do not survive. */
function asData(value: unknown): unknown {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value) ?? 'null') as unknown)
}

function passDataAsJson(): void {
  const prototype = adapterComponent.ComponentCaller.prototype
  const original = prototype.setData
  prototype.setData = function setData(this: typeof prototype, data: Record<string, unknown>, callback?: () => void): void {
    const copy = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, asData(value)]))
    Reflect.apply(original, this, [copy, callback])
  }
}

/** 0.12.1 of the framework cannot hold a property called `dataset`; it is the node's own. */
function withoutDataset(definition: Definition): Definition {
  if (definition.properties === undefined || !('dataset' in definition.properties)) return definition
  const { dataset: _dropped, ...properties } = definition.properties
  return { ...definition, properties }
}

/** Behaviors the client brings along for fields inside forms. */
function importClientBehaviors(space: ComponentSpace): void {
  const client = new ComponentSpace()
  for (const is of ['form-field', 'form-field-button', 'form-field-group']) client.defineBehavior({ is }) as unknown as GeneralBehavior
  space.importSpace('wx://', client, true)
}

/** The code of one mini-program: its scripts, its components, its `App`. */
export class MiniProgram implements PageFactory {
  private readonly program: PhoneProgram
  private readonly entries: ReadonlyMap<string, ProgramEntry>
  private readonly space: CodeSpace
  private readonly backend: AssociatedBackend
  private readonly loaded = new Map<string, { exports: unknown }>()
  private registering: { Page: Factory; Component: Factory; Behavior: Factory } | null = null
  private app: AppInstance = {}
  private readonly globals: { wx: object; getCurrentPages: () => readonly unknown[] }

  constructor(program: PhoneProgram, builtins: readonly BuiltinSpec[], globals: { wx: object; getCurrentPages: () => readonly unknown[] }) {
    passDataAsJson()
    addGlobalWarningListener((message) => !String(message).includes('is not a valid property'))
    addGlobalErrorListener((error) => {
      console.error(error)
      return false
    })
    this.program = program
    this.globals = globals
    this.entries = new Map(program.entries.map((entry) => [entry.path, entry]))
    const environment = new MiniProgramEnv()
    this.space = environment.createCodeSpace('', true)
    this.backend = environment.associateBackend(createBackend())
    const components = this.space.getComponentSpace()
    components.updateComponentOptions({ useMethodCallerListeners: true })
    importClientBehaviors(components)
    this.defineBuiltins(components, builtins)
  }

  hasPage(route: string): boolean {
    return this.program.app.pages.includes(route)
  }

  configOf(route: string): PageConfig {
    return { ...this.program.app.window, ...this.entries.get(route)?.config }
  }

  createRoot(route: string) {
    return this.backend.createRoot('page', this.space, route)
  }

  get firstPage(): string {
    return this.program.app.pages[0] ?? ''
  }

  /** Runs every script once, as the client does at a cold start, then the life cycle of the app. */
  start(options: LaunchOptions): void {
    const style = document.createElement('style')
    style.textContent = this.program.styles
    document.head.append(style)
    for (const entry of this.program.entries) this.declare(entry)
    this.load('app')
    for (const entry of this.program.entries) this.register(entry)
    this.callApp('onLaunch', options)
    this.callApp('onShow', options)
  }

  callApp(method: string, ...parameters: unknown[]): void {
    const handler = this.app[method]
    if (typeof handler === 'function') Reflect.apply(handler, this.app, parameters)
  }

  private defineBuiltins(space: ComponentSpace, builtins: readonly BuiltinSpec[]): void {
    const own = new ComponentSpace()
    for (const spec of builtins) {
      const content = this.program.templates[`builtin:${spec.name}`]
      space.setGlobalUsingComponent(spec.name, defineBuiltin(own, spec, { groupList: this.program.templates, content }))
    }
  }

  private declare(entry: ProgramEntry): void {
    const styleIsolation = entry.config.styleIsolation ?? (entry.kind === 'component' ? 'apply-shared' : undefined)
    type StaticConfig = Parameters<CodeSpace['addComponentStaticConfig']>[1]
    const config = { ...entry.config, ...(styleIsolation === undefined ? {} : { styleIsolation }) } as unknown as StaticConfig
    const shared = this.program.app.usingComponents ?? {}
    this.space.addComponentStaticConfig(entry.path, { ...config, usingComponents: { ...shared, ...entry.config.usingComponents } })
    const content = this.program.templates[entry.path]
    if (content === undefined) throw new Error(`${entry.path} has no wxml`)
    this.space.addCompiledTemplate(entry.path, { groupList: this.program.templates as never, content })
    if (entry.prefix !== null) this.space.addStyleSheet(entry.path, undefined, entry.prefix)
  }

  private register(entry: ProgramEntry): void {
    this.space.componentEnv(entry.path, ({ Page, Component, Behavior }) => {
      this.registering = { Page: Page as Factory, Component: Component as unknown as Factory, Behavior: Behavior as unknown as Factory }
      this.load(entry.path)
      this.registering = null
    })
  }

  private factory(name: 'Page' | 'Component' | 'Behavior'): Factory {
    return (definition) => {
      if (this.registering === null) throw new Error(`${name}() was called outside of a page or component`)
      return this.registering[name](withoutDataset(definition))
    }
  }

  private load(path: string): unknown {
    const known = this.loaded.get(path)
    if (known !== undefined) return known.exports
    const script = this.program.modules[path]
    if (script === undefined) throw new Error(`module '${path}.js' is not defined`)
    const module: { exports: unknown } = { exports: {} }
    this.loaded.set(path, module)
    const require = (target: string): unknown => this.load(new URL(target.replace(/\.js$/, ''), `file:///${path}`).pathname.slice(1))
    const setApp = (definition: AppInstance): void => {
      this.app = definition
    }
    const { wx, getCurrentPages } = this.globals
    script(require, module, module.exports, wx, setApp, this.factory('Page'), this.factory('Component'), this.factory('Behavior'), () => this.app, getCurrentPages, {})
    return module.exports
  }
}
