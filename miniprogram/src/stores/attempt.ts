import type { RegistrationEntry } from '@qihui/shared/registration'
import type { RegistrationBody } from '../api/calls.ts'
import { requestKey } from '../platform/requestKey.ts'
import { channelTokenOf } from './channelTokenOf.ts'
import { useConsentStore } from './consent.ts'
import { useEntryStore } from './entry.ts'
import { useFormStore } from './form.ts'

/** One request that may have to be sent again; it stays the same until its outcome is known. */
interface Attempt {
  readonly content: string
  readonly idempotencyKey: string
}

/** What is given for this one request only. */
interface OneTime {
  readonly phoneCode: string | null
  readonly challengeCode: string | null
}

/** Everything the stores know, as the server wants it. */
export function registrationBody(entry: RegistrationEntry, { phoneCode, challengeCode }: OneTime): RegistrationBody {
  const form = useFormStore()
  const visitId = useEntryStore().visit?.visitId ?? null
  return {
    ...(phoneCode === null ? {} : { phoneCode }),
    ...(challengeCode === null ? {} : { challengeCode }),
    ...(visitId === null ? {} : { visitId }),
    ...channelTokenOf(entry),
    consentIds: [...useConsentStore().consentIds],
    policyVersion: entry.policy.version,
    formVersion: entry.form.version,
    answers: form.sent,
    confirmed: form.confirmed,
  }
}

/** Gives the same key to the same body until `forget`: what is sent twice happens once, what has changed is a new attempt. */
export function createAttempts() {
  let current: Attempt | null = null
  return {
    async keyFor(body: RegistrationBody): Promise<string> {
      const content = JSON.stringify(body)
      if (current === null || current.content !== content) current = { content, idempotencyKey: await requestKey() }
      return current.idempotencyKey
    },
    forget(): void {
      current = null
    },
  }
}
