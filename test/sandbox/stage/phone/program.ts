import type { template } from 'glass-easel'

/** `app.json`, the parts a client acts on. */
export interface AppConfig {
  readonly pages: readonly string[]
  readonly window?: PageConfig
  readonly usingComponents?: Readonly<Record<string, string>>
}

/** The settings of one page or component. */
export interface PageConfig {
  readonly component?: boolean
  readonly usingComponents?: Readonly<Record<string, string>>
  readonly styleIsolation?: string
  readonly navigationStyle?: 'default' | 'custom'
  readonly navigationBarTitleText?: string
  readonly navigationBarBackgroundColor?: string
  readonly navigationBarTextStyle?: 'black' | 'white'
  readonly backgroundColor?: string
  readonly enablePullDownRefresh?: boolean
}

/** One page or component of the build. */
export interface ProgramEntry {
  readonly path: string
  readonly kind: 'page' | 'component'
  /** Class prefix of a component's style sheet; null for pages. */
  readonly prefix: string | null
  readonly config: PageConfig
}

/** A wrapped script; see `scriptParameters` of the compiler for the order of its parameters. */
export type ProgramModule = (...parameters: readonly unknown[]) => void

/** What the compiler hands to the phone as `globalThis.phoneProgram`. */
export interface PhoneProgram {
  readonly app: AppConfig
  readonly entries: readonly ProgramEntry[]
  readonly styles: string
  readonly templates: Record<string, template.ComponentTemplate['content']>
  readonly modules: Readonly<Record<string, ProgramModule>>
}

/** What the host of the phone is told beside the program, as `globalThis.phoneSettings`. */
export interface PhoneSettings {
  /** The one host in the request domain list; it is answered by the local gateway. */
  readonly apiHost: string
  readonly appId: string
}

/** How the mini-program is opened, as `onLaunch` and `onShow` receive it. */
export interface LaunchOptions {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly scene: number
}
