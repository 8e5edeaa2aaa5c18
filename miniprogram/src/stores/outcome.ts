import { ApiError } from '../api/ApiError.ts'

/** Why registration stopped. Each has its own words and one next step on the page. */
export type Obstacle =
  | 'phoneRefused'
  | 'privacyRefused'
  | 'privacyUndeclared'
  | 'quotaExhausted'
  | 'phoneUnavailable'
  | 'phoneCodeExpired'
  | 'phoneMissing'
  | 'phoneUnsupported'
  | 'policyUpdated'
  | 'formUpdated'
  | 'answersUnconfirmed'
  | 'answersWrong'
  | 'inviteClosed'
  | 'challenged'
  | 'challengeFailed'
  | 'denied'
  | 'loginBlocked'
  | 'inProgress'
  | 'busy'
  | 'offline'
  | 'serverDown'

/**
 * What becomes of the attempt. `repeat`: the same request again, which can never register twice. `renew`: a new request, with the phone
 * the server may have kept. `discardPhone`: the phone has to be authorised anew. The others go back to where something has to be done.
 */
export type AttemptFate = 'repeat' | 'renew' | 'discardPhone' | 'askConsentAgain' | 'askFormAgain' | 'confirmAgain' | 'challenge'

interface Outcome {
  readonly obstacle: Obstacle
  readonly fate: AttemptFate
}

const outcomes: Partial<Record<ApiError['code'], Outcome>> = {
  'consent.policyOutdated': { obstacle: 'policyUpdated', fate: 'askConsentAgain' },
  'consent.required': { obstacle: 'policyUpdated', fate: 'askConsentAgain' },
  'form.outdated': { obstacle: 'formUpdated', fate: 'askFormAgain' },
  'form.unconfirmed': { obstacle: 'answersUnconfirmed', fate: 'confirmAgain' },
  'invite.closed': { obstacle: 'inviteClosed', fate: 'askFormAgain' },
  'phone.codeInvalid': { obstacle: 'phoneCodeExpired', fate: 'discardPhone' },
  'phone.required': { obstacle: 'phoneMissing', fate: 'discardPhone' },
  'phone.quotaExhausted': { obstacle: 'quotaExhausted', fate: 'discardPhone' },
  'phone.invalid': { obstacle: 'phoneUnsupported', fate: 'discardPhone' },
  'idempotency.keyReused': { obstacle: 'phoneCodeExpired', fate: 'discardPhone' },
  'risk.challenge': { obstacle: 'challenged', fate: 'challenge' },
  'challenge.codeInvalid': { obstacle: 'challengeFailed', fate: 'renew' },
  'risk.denied': { obstacle: 'denied', fate: 'renew' },
  'idempotency.inProgress': { obstacle: 'inProgress', fate: 'repeat' },
  'login.blocked': { obstacle: 'loginBlocked', fate: 'repeat' },
  'request.rateLimited': { obstacle: 'busy', fate: 'repeat' },
  'network.unreachable': { obstacle: 'offline', fate: 'repeat' },
}

/** What a failed registration means. Unknown failures keep the attempt: repeating it can never register twice. */
export function outcomeOf(error: unknown): Outcome {
  const known = error instanceof ApiError ? outcomes[error.code] : undefined
  return known ?? { obstacle: 'serverDown', fate: 'repeat' }
}

const answerPath = 'body.answers.'

/** Answers the server could not accept, by field key; none when something else failed. */
export function wrongAnswers(error: unknown): readonly { key: string; message: string }[] {
  if (!(error instanceof ApiError) || error.code !== 'request.invalid') return []
  return error.fields.flatMap(({ path, message }) => (path.startsWith(answerPath) ? [{ key: path.slice(answerPath.length), message }] : []))
}
