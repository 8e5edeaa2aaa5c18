import type { PageConfig } from '../program.ts'

export interface ModalChoice {
  readonly title?: string
  readonly content?: string
  readonly showCancel?: boolean
  readonly cancelText?: string
  readonly confirmText?: string
}

interface SheetButton {
  readonly text: string
  readonly kind: 'primary' | 'plain'
  readonly value: string
}

function node(tag: string, className: string, text = ''): HTMLElement {
  const element = document.createElement(tag)
  element.className = className
  element.textContent = text
  return element
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`the phone page has no #${id}`)
  return element
}

/** Everything the client itself draws: status bar, navigation bar, toasts, dialogs and the sheets that ask for a right. */
export class PhoneScreen {
  readonly pages = byId('pages')
  private readonly layer = byId('layer')
  private readonly navBar = byId('nav-bar')
  private readonly title = byId('nav-title')
  private readonly back = byId('nav-back')
  private toastTimer: ReturnType<typeof setTimeout> | undefined

  constructor(actions: { onBack: () => void; onClose: () => void }) {
    byId('clock').textContent = new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit' })
    this.back.addEventListener('click', actions.onBack)
    byId('capsule-close').addEventListener('click', actions.onClose)
  }

  /** Shows the bar of the page on top. */
  showNavigationBar(config: PageConfig, canGoBack: boolean): void {
    this.navBar.classList.toggle('is-custom', config.navigationStyle === 'custom')
    this.navBar.style.background = config.navigationBarBackgroundColor ?? '#ffffff'
    this.navBar.classList.toggle('is-light-text', config.navigationBarTextStyle === 'white')
    this.back.hidden = !canGoBack
    this.setTitle(config.navigationBarTitleText ?? '')
  }

  setTitle(title: string): void {
    this.title.textContent = title
  }

  setBarColors(front: string, background: string): void {
    this.navBar.style.background = background
    this.navBar.classList.toggle('is-light-text', front.toLowerCase() === '#ffffff')
  }

  /** A short notice in the middle; `loading` stays until hidden. */
  toast(title: string, icon: string, durationMs: number | null, mask = false): void {
    this.hideToast()
    const box = node('div', `toast toast-${icon}`)
    box.id = 'toast'
    box.setAttribute('role', 'status')
    if (icon !== 'none') box.append(node('span', `toast-icon icon-${icon}`))
    box.append(node('span', 'toast-text', title))
    const shield = node('div', 'shield')
    shield.id = 'toast-shield'
    if (mask) this.layer.append(shield)
    this.layer.append(box)
    if (durationMs !== null) this.toastTimer = setTimeout(() => this.hideToast(), durationMs)
  }

  hideToast(): void {
    clearTimeout(this.toastTimer)
    document.getElementById('toast')?.remove()
    document.getElementById('toast-shield')?.remove()
  }

  async modal(choice: ModalChoice): Promise<boolean> {
    const body = [node('p', 'dialog-text', choice.content ?? '')]
    const buttons: SheetButton[] = [{ text: choice.confirmText ?? '确定', kind: 'primary', value: 'confirm' }]
    if (choice.showCancel !== false) buttons.unshift({ text: choice.cancelText ?? '取消', kind: 'plain', value: 'cancel' })
    return (await this.ask('dialog', choice.title ?? '', body, buttons)) === 'confirm'
  }

  /** @returns the index of the chosen line, or -1 when cancelled. */
  async actionSheet(items: readonly string[]): Promise<number> {
    const buttons = items.map((text, index): SheetButton => ({ text, kind: 'plain', value: String(index) }))
    return Number(await this.ask('sheet action-sheet', '请选择', [], [...buttons, { text: '取消', kind: 'plain', value: '-1' }]))
  }

  /** @returns the chosen day, `YYYY-MM-DD`, or nothing when cancelled. */
  async pickDay(day: string, start: string, end: string): Promise<string> {
    const input = document.createElement('input')
    Object.assign(input, { type: 'date', className: 'sheet-day', value: day, min: start, max: end })
    input.setAttribute('aria-label', '日期')
    const buttons: SheetButton[] = [{ text: '取消', kind: 'plain', value: 'cancel' }, { text: '确定', kind: 'primary', value: 'ok' }]
    return (await this.ask('sheet', '选择日期', [input], buttons)) === 'ok' ? input.value : ''
  }

  /** The sheet of the phone button. `maskedPhone` null: WeChat offers to use another number; here it says none is bound. */
  async askForPhone(maskedPhone: string | null): Promise<boolean> {
    const number = node('p', 'sheet-choice', maskedPhone ?? '此微信尚未绑定手机号')
    if (maskedPhone !== null) number.append(node('small', '', '微信绑定号码'))
    const body = [node('p', 'sheet-lead', '申请获取并验证你的手机号'), number]
    return (await this.ask('sheet', '企会 申请', body, sheetButtons)) === 'allow'
  }

  /** The client's own privacy pop-up, for mini-programs that do not bring one. */
  async askForPrivacy(): Promise<boolean> {
    const body = [node('p', 'sheet-lead', '在使用当前小程序服务之前，请仔细阅读《隐私保护指引》。如你同意，请点击“同意”。')]
    const buttons: SheetButton[] = [{ text: '拒绝', kind: 'plain', value: 'deny' }, { text: '同意', kind: 'primary', value: 'allow' }]
    return (await this.ask('sheet', '隐私保护提示', body, buttons)) === 'allow'
  }

  async showText(title: string, paragraphs: readonly string[]): Promise<void> {
    await this.ask('sheet tall', title, paragraphs.map((text) => node('p', 'dialog-text', text)), [{ text: '知道了', kind: 'primary', value: 'ok' }])
  }

  private ask(className: string, title: string, body: readonly HTMLElement[], buttons: readonly SheetButton[]): Promise<string> {
    return new Promise((done) => {
      const shield = node('div', 'shield is-dark')
      const box = node('div', className)
      box.setAttribute('role', 'dialog')
      box.setAttribute('aria-modal', 'true')
      box.setAttribute('aria-label', title)
      const row = node('div', 'sheet-buttons')
      const finish = (value: string): void => {
        shield.remove()
        box.remove()
        done(value)
      }
      for (const button of buttons) {
        const element = node('button', `sheet-button is-${button.kind}`, button.text)
        element.addEventListener('click', () => finish(button.value))
        row.append(element)
      }
      box.append(node('h2', 'sheet-title', title), ...body, row)
      this.layer.append(shield, box)
      row.querySelector<HTMLElement>('button:last-child')?.focus()
    })
  }
}

const sheetButtons: readonly SheetButton[] = [
  { text: '拒绝', kind: 'plain', value: 'deny' },
  { text: '允许', kind: 'primary', value: 'allow' },
]
