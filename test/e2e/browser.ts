import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core'

const screensFolder = fileURLToPath(new URL('../output/screens/', import.meta.url))
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

let running: Promise<Browser> | undefined

/**
 * The system's Chromium, or the one named by CHROMIUM_PATH: one for all stories of a worker, which run one after the other. What a
 * story leaves behind goes with its contexts; starting anew and reading the Chinese fonts cost seconds. It ends with the worker.
 */
export function openBrowser(): Promise<Browser> {
  running ??= launch()
  return running
}

async function launch(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: flags })
  browser.once('disconnected', () => { running = undefined })
  return browser
}

/** Errors of the page and lines on its console that nobody expected. */
export function watchErrors(context: BrowserContext): { readonly errors: readonly string[] } {
  const errors: string[] = []
  context.on('weberror', (event) => errors.push(String(event.error())))
  context.on('console', (message) => {
    // The browser itself writes a line for every 4xx answer; those are answers, not faults.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text())
  })
  return { errors }
}

/** Keeps a picture of what is seen, `test/output/screens/<name>.png`. */
export async function keepScreen(target: Page | Locator, name: string): Promise<void> {
  mkdirSync(screensFolder, { recursive: true })
  await target.screenshot({ path: `${screensFolder}${name}.png`, animations: 'disabled' })
}
