import type { Browser, BrowserContextOptions } from 'playwright-core'
import { launchBrowser, watchErrors } from './browser.ts'
import { startProduct, type RunningProduct } from './product.ts'
import { StagePage } from './StagePage.ts'

/** A running product with a browser on its stage. */
export interface OpenProduct {
  readonly product: RunningProduct
  readonly browser: Browser
  readonly stage: StagePage
  readonly errors: readonly string[]
  close(): Promise<void>
}

/** Starts the product on an empty database and opens the stage at 1440 x 900, unless said otherwise. */
export async function openProduct(options: BrowserContextOptions = {}): Promise<OpenProduct> {
  const product = await startProduct()
  const browser = await launchBrowser()
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', ...options })
  const { errors } = watchErrors(context)
  const stage = new StagePage(await context.newPage())
  await stage.open(product.url)
  return {
    product, browser, stage, errors,
    async close() {
      await browser.close()
      await product.stop()
    },
  }
}
