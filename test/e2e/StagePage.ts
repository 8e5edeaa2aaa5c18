import type { FrameLocator, Locator, Page } from 'playwright-core'

/** What a person can do on the stage, by the words they see. */
export class StagePage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Opens the stage; it is ready when the rep is logged in and sees the first customer. */
  async open(url: string): Promise<void> {
    await this.page.goto(`${url}/stage/`)
    await this.sidebar.getByText('服务成员').waitFor()
  }

  get phoneScreen(): Locator {
    return this.page.locator('.phone-screen')
  }

  get sidebarPane(): Locator {
    return this.page.locator('.sidebar-pane')
  }

  /** Inside the running mini-program. */
  get phone(): FrameLocator {
    return this.page.frameLocator('.phone-frame')
  }

  /** Inside the sidebar. */
  get sidebar(): FrameLocator {
    return this.page.frameLocator('#sidebar-frame')
  }

  get chat(): Locator {
    return this.page.locator('.chat-pane')
  }

  async givePhoneTo(name: string): Promise<void> {
    const select = this.page.getByRole('combobox', { name: '这部手机属于' })
    const value = await select.locator('option', { hasText: name }).first().getAttribute('value')
    await select.selectOption(value)
  }

  async loginAs(name: string): Promise<void> {
    const select = this.page.getByRole('combobox', { name: '登录的员工' })
    const value = await select.locator('option', { hasText: name }).first().getAttribute('value')
    await select.selectOption(value)
  }

  /** Scans the first mini-program code with the phone. */
  async scanMiniProgramCode(): Promise<void> {
    await this.page.getByRole('button', { name: '扫码', exact: true }).click()
    await this.page.getByRole('button', { name: /小程序码/ }).first().click()
    await this.page.locator('.phone-frame').waitFor()
  }

  async addStaff(name: string): Promise<void> {
    await this.page.getByRole('button', { name: '添加员工', exact: true }).click()
    await this.page.getByRole('dialog').getByRole('button', { name }).click()
  }

  /** Pays in the simulated shop, which reports the order to the product. */
  async pay(yuan: number): Promise<void> {
    await this.page.getByRole('button', { name: '支付', exact: true }).click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByRole('spinbutton', { name: '金额（元）' }).fill(String(yuan))
    await dialog.getByRole('button', { name: '支付' }).click()
    await this.page.getByText(`增加 ${yuan} 成长值`).waitFor()
  }

  /** Lets the time of product and platforms pass; done when every night between has been. */
  async passTime({ days, months }: { readonly days?: number; readonly months?: number }): Promise<void> {
    const answer = await this.page.request.post(new URL('/_sandbox/clock/forward', this.page.url()).href, { data: { days, months }, timeout: 120_000 })
    if (!answer.ok()) throw new Error(`the time did not pass: ${await answer.text()}`)
  }

  async openCustomer(name: string): Promise<void> {
    await this.page.getByRole('navigation', { name: '客户' }).getByRole('button', { name }).click()
  }

  async openSidebarFrom(place: '单聊' | '群聊' | '工作台'): Promise<void> {
    await this.page.getByRole('button', { name: place, exact: true }).click()
  }

  async reopenSidebar(): Promise<void> {
    await this.page.getByRole('button', { name: '重新打开' }).click()
  }

  /** Whether the sidebar shows what the server said just now, and waits for nothing more. */
  async sidebarIsFresh(): Promise<boolean> {
    return (await this.sidebar.locator('main[aria-busy="false"]').count()) === 1 && (await this.sidebar.locator('.stale').count()) === 0
  }

  /** Drags the page on the phone down, which refreshes it. */
  async pullPhoneDown(): Promise<void> {
    const box = await this.phoneScreen.boundingBox()
    if (box === null) throw new Error('the phone is not on the page')
    const x = box.x + box.width / 2
    await this.page.mouse.move(x, box.y + 150)
    await this.page.mouse.down()
    await this.page.mouse.move(x, box.y + 300, { steps: 5 })
    await this.page.mouse.up()
  }

  /** The box of the privacy policy in the mini-program; the ones below it are optional. */
  get consentBox(): Locator {
    return this.phone.getByRole('checkbox', { name: /我已阅读并同意/ })
  }

  /** Ticks the policy and gives the phone: from the last page of the registration to a member. */
  async agreeAndJoin(): Promise<void> {
    await this.consentBox.click()
    await this.phone.getByRole('button', { name: '微信手机号一键入会' }).click()
    await this.phone.getByRole('button', { name: '允许' }).click()
    await this.phone.getByText('入会成功，欢迎您').waitFor()
  }

  /** From the landing page to a member: three taps and the client's own sheet. */
  async register(): Promise<void> {
    await this.phone.getByRole('button', { name: '免费入会' }).click()
    await this.agreeAndJoin()
  }

  async endMiniProgram(): Promise<void> {
    await this.page.getByRole('button', { name: '结束小程序' }).click()
  }

  /** Inside a web page on the phone: in WeChat, in WeCom or in its browser. */
  get phoneWeb(): FrameLocator {
    return this.page.frameLocator('#phone-web')
  }

  /** Inside a web page on the desktop. */
  get desktopWeb(): FrameLocator {
    return this.page.frameLocator('#desktop-web')
  }

  /** Opens an address of the product in one of the five places. */
  async openIn(place: '微信' | '企业微信（员工）' | '企业微信（客户）' | '手机浏览器' | '电脑浏览器', address: string, options: { readonly asSnapshot?: boolean } = {}): Promise<void> {
    await this.page.getByRole('button', { name: '打开链接', exact: true }).click()
    const dialog = this.page.getByRole('dialog', { name: '打开链接' })
    await dialog.getByRole('textbox', { name: '链接' }).fill(address)
    if (options.asSnapshot === true) await dialog.getByRole('checkbox').check()
    await dialog.getByRole('group', { name: '在哪里打开' }).getByRole('button', { name: new RegExp(`^${place}`) }).click()
  }

  /** Taps the address in the newest SMS or mail and opens it. */
  async openFromInbox(place: '微信' | '手机浏览器'): Promise<void> {
    await this.page.getByRole('button', { name: '收件箱', exact: true }).click()
    const message = this.page.getByRole('dialog', { name: /收件箱/ }).getByRole('listitem').first()
    await message.getByRole('button', { name: /^https?:/ }).first().click()
    await message.getByRole('group', { name: '在哪里打开' }).getByRole('button', { name: new RegExp(`^${place}`) }).click()
  }

  /** The phone reads the QR code on the desktop's screen, pixel by pixel. */
  async scanDesktop(): Promise<void> {
    await this.page.getByRole('button', { name: /的手机扫屏幕/ }).click()
  }

  /** SMS and mails that came to a person. */
  async countMessages(personId: string): Promise<number> {
    const answer = await this.page.request.get(new URL(`/_sandbox/outbox?personId=${personId}`, this.page.url()).href)
    return ((await answer.json()) as { messages: unknown[] }).messages.length
  }
}
