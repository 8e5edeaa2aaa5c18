import type { LaunchOptions, PhoneProgram, PhoneSettings } from '../program.ts'
import { createButton, type ButtonContext } from './builtins/button.ts'
import { containers } from './builtins/containers.ts'
import type { BuiltinSpec } from './builtins/defineBuiltin.ts'
import { fields } from './builtins/fields.ts'
import { image } from './builtins/image.ts'
import { createNavigator } from './builtins/navigator.ts'
import { createPicker } from './builtins/picker.ts'
import { MiniProgram } from './MiniProgram.ts'
import { PageStack } from './PageStack.ts'
import { PhoneScreen } from './PhoneScreen.ts'
import { Privacy } from './Privacy.ts'
import { reportUnknownTags } from './reportUnknownTags.ts'
import { createWx } from './wx/createWx.ts'
import { parseQuery } from './wx/navigation.ts'

declare global {
  var phoneProgram: PhoneProgram
  var phoneSettings: PhoneSettings
  var phoneHost: PhoneHost
}

/** What the stage (and a test) can do with a running phone. */
export interface PhoneHost {
  /** Opens the running mini-program again, as a scan or a tap on a card does while it is in the background. */
  enter(options: LaunchOptions): void
  /** Sends it to the background. */
  leave(): void
}

/** Scene of the client when nothing else is said: opened from the main entry. */
const mainEntryScene = 1001

function launchFrom(address: URL, firstPage: string): LaunchOptions {
  const given = address.searchParams
  return { path: given.get('path') || firstPage, query: parseQuery(given.get('query') ?? ''), scene: Number(given.get('scene') ?? mainEntryScene) }
}

async function maskedPhoneOf(personId: string): Promise<string | null> {
  const response = await fetch(`/_sandbox/people/${encodeURIComponent(personId)}`)
  const person = (await response.json()) as { phoneMasked: string | null }
  return person.phoneMasked
}

function tellStage(type: 'closed' | 'opened'): void {
  if (parent !== window) parent.postMessage({ source: 'qihui-phone', type }, location.origin)
}

function createBuiltins(context: ButtonContext, wx: () => Record<string, unknown>): BuiltinSpec[] {
  const navigate = (method: string, options: Record<string, unknown>): void => {
    const call = wx()[method]
    if (typeof call === 'function') call(options)
  }
  return [...containers, ...fields, image, createButton(context), createNavigator(navigate), createPicker(context.screen)]
}

/** Boots the phone from its own address: `?person=p001&path=pages/landing/index&query=scene%3D…&scene=1047`. */
function boot(): void {
  const address = new URL(location.href)
  const personId = address.searchParams.get('person')
  if (personId === null) throw new Error('add ?person=<personId> to the address of the phone')
  const screen = new PhoneScreen({ onBack: () => stack.back(1), onClose: () => tellStage('closed') })
  const privacy = new Privacy(personId, () => screen.askForPrivacy())
  const context: ButtonContext = { personId, privacy, screen, maskedPhone: () => maskedPhoneOf(personId) }
  const globals = { wx: {} as Record<string, unknown>, getCurrentPages: () => stack.instances }
  const program = new MiniProgram(phoneProgram, createBuiltins(context, () => globals.wx), globals)
  const stack = new PageStack(program, screen)
  const launch = launchFrom(address, program.firstPage)
  let latest = launch
  const leave = (): void => {
    stack.hideTop()
    program.callApp('onHide')
  }
  Object.assign(globals.wx, createWx({ personId, settings: phoneSettings, screen, stack, privacy, launch, enter: () => latest, onExit: () => tellStage('closed') }))
  globalThis.phoneHost = {
    leave,
    enter(options) {
      latest = { ...options, path: options.path || program.firstPage }
      program.callApp('onShow', latest)
      if (options.path === '') stack.showTop()
      else stack.relaunch(latest.path, latest.query)
    },
  }
  reportUnknownTags(screen.pages)
  program.start(launch)
  stack.push(launch.path, launch.query)
  tellStage('opened')
}

boot()
