import type { Probe } from '@qihui/shared/doctor'

/** One e-mail, text only. */
export interface Mail {
  /** The same for every try of one message; becomes part of the Message-ID. */
  readonly reference: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** One SMS. */
export interface Sms {
  /** The same for every try of one message: the provider's door knows two with one reference as one. */
  readonly reference: string
  /** E.164. */
  readonly to: string
  readonly text: string
}

/** Sends e-mail. @throws MessageRefusedError, MessageUndeliveredError */
export interface MailSender {
  send(mail: Mail): Promise<void>
  /** Connects and logs in, sends nothing; never throws. */
  probe(): Promise<Probe>
}

/** Sends SMS. @throws MessageRefusedError, MessageUndeliveredError */
export interface SmsSender {
  send(sms: Sms): Promise<void>
  /** Whether the provider's door answers at all, sends nothing; never throws. */
  probe(): Promise<Probe>
}

/** The provider will never take this message: trying again is no use. `reason` is shown to operators. */
export class MessageRefusedError extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(reason)
    this.name = 'MessageRefusedError'
    this.reason = reason
  }
}

/** No answer, or one that says "later": the same message may be tried again. Its text names no recipient. */
export class MessageUndeliveredError extends Error {
  constructor(cause: string) {
    super(`the message did not leave: ${cause}`)
    this.name = 'MessageUndeliveredError'
  }
}
