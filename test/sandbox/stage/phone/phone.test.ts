import { createServer, type Server } from 'node:http'
import { rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest'
import { startSandbox } from '../../startSandbox.ts'
import type { Sandbox } from '../../types.ts'
import { smallBuild, writeBuild } from './testing/writeBuild.ts'

let folder: string
let server: Server
let sandbox: Sandbox
let browser: Browser
let page: Page
let consoleErrors: string[]

function echo(): Promise<Server> {
  const made = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => { body += part.toString() })
    request.on('end', () => response.setHeader('content-type', 'application/json').end(JSON.stringify({ body, cookie: request.headers.cookie ?? null })))
  })
  return new Promise((done) => made.listen(0, '127.0.0.1', () => done(made)))
}

beforeAll(async () => {
  folder = await writeBuild(smallBuild)
  server = await echo()
  sandbox = await startSandbox({ port: 0, serverUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, miniProgramDist: folder })
  browser = await chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
}, 30_000)

afterAll(async () => {
  await browser?.close()
  await sandbox?.close()
  server?.close()
  await rm(folder, { recursive: true })
})

beforeEach(async () => {
  const context = await browser.newContext({ viewport: { width: 375, height: 720 }, locale: 'zh-CN' })
  page = await context.newPage()
  consoleErrors = []
  page.on('console', (message) => { if (message.type() === 'error') consoleErrors.push(message.text()) })
  page.on('pageerror', (error) => consoleErrors.push(error.message))
})

afterEach(() => page.context().close())

async function launch(address = '?person=p001'): Promise<void> {
  await page.goto(`${sandbox.url}/stage/phone.html${address}`)
  await page.getByText('ready').waitFor()
}

const log = () => page.locator('wx-page .log').last().innerText()
const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

describe('the phone', () => {
  it('runs app, page and component in the order of the client, with its launch options', async () => {
    await launch(`?person=p001&path=pages/first/first&scene=1047&query=${encodeURIComponent('scene=a%253D1')}`)
    expect(await log()).toBe('load {"scene":"a%3D1"}|show|ready')
    expect(await page.locator('#nav-title').innerText()).toBe('第一页')
    expect(await page.locator('my-tag').innerText()).toBe('标签插槽')
    expect(await page.getByText('数组 abc').count()).toBe(1)
    await press('下一页')
    await page.getByText(/launch pages\/first\/first 1047;show {"scene":"a%3D1"};first hide/).waitFor()
    expect(consoleErrors).toEqual([])
  })

  it('keeps the styles of a component to the component and those of a page to the page', async () => {
    await launch()
    const styleOf = (selector: string) => page.locator(selector).first().evaluate((element) => ({ color: getComputedStyle(element).color, weight: getComputedStyle(element).fontWeight, width: element.clientWidth }))
    expect(await styleOf('wx-page > .title')).toEqual({ color: 'rgb(4, 5, 6)', weight: '700', width: 375 })
    expect((await styleOf('my-tag .c1--title')).color).toBe('rgb(1, 2, 3)')
    await press('下一页')
    await page.getByText('值 undefined').waitFor()
    expect((await styleOf('[data-route="pages/second/second"] > wx-page > .title')).weight).toBe('400')
  })

  it('delivers taps and typing once, with data and detail', async () => {
    await launch()
    await page.getByText('项目乙').click()
    await page.getByPlaceholder('姓名').pressSequentially('李')
    expect(await log()).toBe('load {}|show|ready|tap 乙 tap|name 李')
    expect(await page.getByPlaceholder('姓名').inputValue()).toBe('李')
  })

  it('hides the browser from scripts, decodes queries once and walks the page stack', async () => {
    await launch()
    await press('下一页')
    await page.getByText('值 undefined,undefined,undefined,undefined').waitFor()
    expect(await page.locator('#nav-title').innerText()).toBe('第二页')
    await press('返回')
    expect(await log()).toBe('load {}|show|ready|show')
    expect(await page.locator('#nav-back').isHidden()).toBe(true)
  })

  it('reaches the one host of the domain list and refuses every other', async () => {
    await launch()
    await press('请求')
    await expect.poll(log).toContain('200 {"a":1}')
    await press('请求别处')
    await expect.poll(log).toContain('request:fail url not in domain list')
  })

  it('keeps storage when it is closed, apart for each person', async () => {
    for (const [person, expected] of [['p001', 'had'], ['p001', 'had 1'], ['p002', 'had']] as const) {
      await launch(`?person=${person}`)
      await press('记住')
      expect((await log()).split('|').at(-1)?.trim()).toBe(expected)
    }
  })

  it('comes back from the background with the new entry', async () => {
    await launch()
    await page.evaluate(() => {
      phoneHost.leave()
      phoneHost.enter({ path: 'pages/second/second', query: { x: '卡片' }, scene: 1007 })
    })
    await page.getByText(/卡片 .*hide;show {"x":"卡片"}/).waitFor()
  })

  it('refreshes a page that is dragged down at its top', async () => {
    await launch()
    await page.mouse.move(180, 300)
    await page.mouse.down()
    await page.mouse.move(180, 420, { steps: 4 })
    await page.mouse.up()
    await expect.poll(log).toContain('pulled')
  })

  it('reports what it does not have, by name', async () => {
    await launch()
    await press('扫一扫')
    await expect.poll(log).toContain('scanCode:fail not supported')
    expect(consoleErrors).toContain('沙盒手机没有实现 wx.scanCode')
  })
})

describe('the phone number button [8.1, 8.2]', () => {
  it('gives a code after 允许 and the refusal after 拒绝; the consent button counts as privacy consent', async () => {
    await launch()
    await press('同意并取手机号')
    await page.getByText('申请获取并验证你的手机号').waitFor()
    await press('拒绝')
    await expect.poll(log).toContain('none getPhoneNumber:fail user deny')
    await press('取手机号')
    await press('允许')
    await expect.poll(log).toContain('code getPhoneNumber:ok')
  })

  it('waits for the privacy listener and refuses with errno 104', async () => {
    await launch()
    await press('取手机号')
    await expect.poll(log).toContain('privacy getPhoneNumber')
    await press('我不同意')
    await expect.poll(log).toContain('none getPhoneNumber:fail privacy permission is not authorized 104')
  })

  it('goes on once the consent button was really tapped', async () => {
    await launch()
    await press('取手机号')
    await expect.poll(log).toContain('privacy getPhoneNumber')
    await press('我同意')
    await press('允许')
    await expect.poll(log).toContain('code getPhoneNumber:ok')
  })

  it('says errno 1400001 when the quota is used up', async () => {
    sandbox.world.setPhoneQuota(0)
    await launch()
    await press('同意并取手机号')
    await press('允许')
    await expect.poll(log).toContain('1400001')
    sandbox.world.setPhoneQuota(1000)
  })
})
