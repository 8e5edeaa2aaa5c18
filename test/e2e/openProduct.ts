import type { Browser } from 'playwright-core'
import { keepScreen, openBrowser, watchErrors } from './browser.ts'
import { startProduct, type ProductOptions, type RunningProduct } from './product.ts'
import { StagePage } from './StagePage.ts'

/** A running product with a browser on its stage. */
export interface OpenProduct {
  readonly product: RunningProduct
  readonly browser: Browser
  readonly stage: StagePage
  readonly errors: readonly string[]
  close(): Promise<void>
}

/** Starts the product on an empty database and opens the stage at 1440 x 900. */
export async function openProduct(options: ProductOptions = {}): Promise<OpenProduct> {
  const product = await startProduct(options)
  const browser = await openBrowser()
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  const { errors } = watchErrors(context)
  const stage = new StagePage(await context.newPage())
  const close = async (): Promise<void> => {
    await Promise.all(browser.contexts().map((each) => each.close()))
    await product.stop()
  }
  try {
    await stage.open(product.url)
  } catch (error) {
    await keepScreen(stage.page, 'failed-to-open')
    await close()
    throw error
  }
  return { product, browser, stage, errors, close }
}
