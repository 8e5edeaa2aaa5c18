import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import Koa from 'koa'
import { createCallbackSender } from './callbacks/callbackSender.ts'
import { verifyUrl } from './callbacks/verifyUrl.ts'
import { createRealClock } from './clock.ts'
import { createEffectLedger } from './faults/effectLedger.ts'
import { createFaultPlan } from './faults/faultPlan.ts'
import { startSmtp } from './smtp/startSmtp.ts'
import { defaultSettings } from './settings.ts'
import { mountVendors } from './vendors/mountVendors.ts'
import { SMS_PATH } from './vendors/sms/mountSms.ts'
import { createTokenKeeper } from './vendors/tokens.ts'
import { createWireLog } from './wire.ts'
import { SandboxWorld } from './world/SandboxWorld.ts'
import { seedRelations } from './world/seedRelations.ts'
import { keepState, restoreState } from './world/stateFile.ts'
import { createState } from './world/state.ts'
import type { Sandbox, SandboxOptions } from './types.ts'

const DEFAULT_SEED = 20_260_101
const HOST = '127.0.0.1'

/** Pages of the shipped build; null when there is none yet, then every page counts as published. */
async function readPublishedPages(dist: string | undefined): Promise<string[] | null> {
  if (!dist) return null
  const text = await readFile(path.join(dist, 'app.json'), 'utf8').catch(() => null)
  if (text === null) return null
  const app = JSON.parse(text) as { pages?: string[]; subPackages?: Array<{ root: string; pages: string[] }> }
  const subPages = (app.subPackages ?? []).flatMap(({ root, pages }) => pages.map((page) => `${root.replace(/\/$/, '')}/${page}`))
  return [...(app.pages ?? []), ...subPages]
}

/** How far the product's time was moved in an earlier run, milliseconds. */
async function readMovedTime(file: string): Promise<number> {
  const moved = Number(await readFile(file, 'utf8').catch(() => '0'))
  return Number.isSafeInteger(moved) && moved > 0 ? moved : 0
}

/** Rejects with the system's error, e.g. `EADDRINUSE`. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port))
  })
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}

/**
 * Starts WeCom and WeChat on one loopback address.
 * @throws the system's error when the port is taken
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = options.clock ?? createRealClock()
  if (options.clockFile !== undefined) await clock.advance(await readMovedTime(options.clockFile))
  const settings = defaultSettings([])
  settings.publishedPages = await readPublishedPages(options.miniProgramDist)
  const state = createState({ seed: options.seed ?? DEFAULT_SEED, clock, settings, peopleCount: options.peopleCount })
  seedRelations(state)
  const wire = createWireLog(clock)
  const faults = createFaultPlan((line) => console.info(line))
  const effects = createEffectLedger()
  const tokens = createTokenKeeper(state)
  if (options.stateFile) await restoreState(options.stateFile, state, tokens)
  const callbacks = createCallbackSender({ state, wire, faults, serverUrl: options.serverUrl })
  state.raise = (event) => callbacks.raise(event)
  const world = new SandboxWorld(state)

  const app = new Koa()
  mountVendors(app, { state, tokens, wire, faults, effects })
  const closers: Array<() => void | Promise<void>> = []
  let url = ''
  const mountStage = options.hasStage === false ? null : (await import('./stage/mountStage.ts')).mountStage
  mountStage?.(app, { world, clock, wire, settings, options, url: () => url, onClose: (run) => void closers.push(run) })

  const server = createServer(app.callback())
  const port = await listen(server, options.port)
  url = `http://localhost:${port}`
  state.publicUrl = url
  settings.trustedDomains = [`localhost:${port}`, `${HOST}:${port}`]
  settings.oaDomains = [...settings.trustedDomains]
  const smtp = options.smtpPort === undefined ? null : await startSmtp(state, wire, options.smtpPort)
  const stateFile = options.stateFile ? keepState(options.stateFile, state, tokens) : null
  const loopback = `http://${HOST}:${port}/_vendor`
  return {
    url, world, settings, clock, wire, faults, effects, callbacks,
    bases: {
      wecomApi: `${loopback}/qyapi`, wecomOpen: `${url}/_vendor/open`, wechatApi: `${loopback}/wxapi`,
      sms: `http://${HOST}:${port}${SMS_PATH}`, smtp: smtp && `smtp://${HOST}:${smtp.port}`,
    },
    killToken: (vendor) => tokens.kill(vendor),
    verifyUrl: () => verifyUrl(state, options.serverUrl),
    async close() {
      callbacks.close()
      for (const run of closers) await run()
      await smtp?.close()
      await stop(server)
      await stateFile?.close()
    },
  }
}
