/** Something a person in the world cannot do. The message is Chinese: the stage shows it as it is. */
export class WorldError extends Error {
  override readonly name: string = 'WorldError'
}

/** The phone button cannot give a number: none bound, or the paid quota is used up (client errno 1400001) [8.1]. */
export class NoPhoneError extends WorldError {
  override readonly name = 'NoPhoneError'
  readonly reason: 'notBound' | 'quotaUsedUp'

  constructor(reason: 'notBound' | 'quotaUsedUp') {
    super(reason === 'notBound' ? '该微信未绑定手机号' : '手机号快速验证的额度已用完')
    this.reason = reason
  }
}
