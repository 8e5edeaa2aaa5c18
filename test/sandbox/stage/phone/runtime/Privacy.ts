import { WxFailure } from './wx/settle.ts'

interface PrivacyAnswer {
  readonly event: 'agree' | 'disagree' | 'exposureAuthorization'
  readonly buttonId?: string
}
type PrivacyListener = (resolve: (answer: PrivacyAnswer) => void, info: { referrer: string }) => void

/** After a refusal no new pop-up for this long. */
const refusalQuietMs = 10_000
const refusalErrno = 104

/**
 * User privacy protection of the client [8.2]: an interface that reads personal data waits until the person has agreed to the
 * privacy guide, once per person and mini-program.
 */
export class Privacy {
  private readonly key: string
  private listener: PrivacyListener | null = null
  private readonly tappedButtons = new Set<string>()
  private waiting: Promise<void> | null = null
  private refusedAt = Number.NEGATIVE_INFINITY
  private readonly askByPlatform: () => Promise<boolean>

  /** `askByPlatform` shows the client's own pop-up, used while the mini-program listens to nothing. */
  constructor(personId: string, askByPlatform: () => Promise<boolean>) {
    this.key = `phone:${personId}:privacy`
    this.askByPlatform = askByPlatform
  }

  isAuthorized(): boolean {
    return localStorage.getItem(this.key) === 'agreed'
  }

  /** Replaces the listener, as the client does. */
  listen(listener: PrivacyListener): void {
    this.listener = listener
  }

  /** A button with `agreePrivacyAuthorization` was really tapped; alone (`true`) that is the consent, unless a listener waits for it. */
  buttonTapped(id: string): void {
    this.tappedButtons.add(id)
    if (this.waiting === null) this.agree()
  }

  /** Resolves when the person has agreed. @throws WxFailure 104 when refused. */
  require(referrer: string): Promise<void> {
    if (this.isAuthorized()) return Promise.resolve()
    if (Date.now() - this.refusedAt < refusalQuietMs) return Promise.reject(this.refusal())
    this.waiting ??= this.ask(referrer).finally(() => {
      this.waiting = null
    })
    return this.waiting
  }

  private async ask(referrer: string): Promise<void> {
    const isAgreed = this.listener === null ? await this.askByPlatform() : await this.askByListener(this.listener, referrer)
    if (isAgreed) return this.agree()
    this.refusedAt = Date.now()
    throw this.refusal()
  }

  private askByListener(listener: PrivacyListener, referrer: string): Promise<boolean> {
    return new Promise((done) => {
      listener((answer) => {
        if (answer.event === 'disagree') done(false)
        if (answer.event !== 'agree') return
        if (answer.buttonId !== undefined && this.tappedButtons.has(answer.buttonId)) done(true)
        else console.error(`隐私同意被忽略：没有点击 id 为 ${answer.buttonId ?? '(未提供)'} 的 agreePrivacyAuthorization 按钮`)
      }, { referrer })
    })
  }

  private agree(): void {
    localStorage.setItem(this.key, 'agreed')
  }

  private refusal(): WxFailure {
    return new WxFailure('privacy permission is not authorized', refusalErrno)
  }
}
