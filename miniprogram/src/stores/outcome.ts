import { ApiError } from '../api/ApiError.ts'

/** Why registration stopped. Each has its own words and one next step on the page. */
export type Obstacle =
  | 'phoneRefused'
  | 'privacyRefused'
  | 'privacyUndeclared'
  | 'quotaExhausted'
  | 'phoneUnavailable'
  | 'phoneCodeExpired'
  | 'phoneUnsupported'
  | 'policyUpdated'
  | 'formUpdated'
  | 'loginBlocked'
  | 'inProgress'
  | 'busy'
  | 'offline'
  | 'serverDown'

/** What becomes of the attempt: the same request again, the same phone code in a new request, or a new start. */
export type AttemptFate = 'repeat' | 'askConsentAgain' | 'discard'

interface Outcome {
  readonly obstacle: Obstacle
  readonly fate: AttemptFate
}

const outcomes: Partial<Record<ApiError['code'], Outcome>> = {
  'consent.policyOutdated': { obstacle: 'policyUpdated', fate: 'askConsentAgain' },
  'consent.required': { obstacle: 'policyUpdated', fate: 'askConsentAgain' },
  'form.outdated': { obstacle: 'formUpdated', fate: 'askConsentAgain' },
  'phone.codeInvalid': { obstacle: 'phoneCodeExpired', fate: 'discard' },
  'phone.quotaExhausted': { obstacle: 'quotaExhausted', fate: 'discard' },
  'phone.invalid': { obstacle: 'phoneUnsupported', fate: 'discard' },
  'idempotency.keyReused': { obstacle: 'phoneCodeExpired', fate: 'discard' },
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
