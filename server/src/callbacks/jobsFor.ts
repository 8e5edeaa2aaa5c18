import type { Job } from '../jobs/defineJob.ts'
import { endFollow, mirrorContact, syncStaff } from '../modules/contact/jobs.ts'
import { syncCorpTags } from '../modules/corp-tag/jobs.ts'
import { sendWelcome } from '../modules/welcome/jobs.ts'
import type { CallbackEvent } from '../wecom/openCallback.ts'
import * as v from 'valibot'

/** A job to insert beside the event. */
export interface WantedJob {
  readonly job: string
  readonly job_key: string
  readonly payload: object
}

/** Fields are the sender's: a job whose payload they do not fit is not wanted, and the event rests in the inbox for a look. */
function wanted<Payload extends object>(job: Job<Payload>, payload: unknown): WantedJob[] {
  const parsed = v.safeParse(job.payload, payload)
  return parsed.success ? [{ job: job.name, job_key: job.keyOf(parsed.output), payload: parsed.output }] : []
}

function endOf(fields: CallbackEvent['fields'], endedBy: 'staff' | 'customer' | 'transfer'): WantedJob[] {
  const payload = { externalUserId: fields.get('ExternalUserID'), staffUserId: fields.get('UserID'), endedBy, endedAtMs: Number(fields.get('CreateTime')) * 1000 }
  return wanted(endFollow, payload)
}

function contactJobs({ changeType, fields, ageMs = 0 }: CallbackEvent, eventDigest: string, receivedAt: Date): WantedJob[] | null {
  const externalUserId = fields.get('ExternalUserID')
  const mirror = wanted(mirrorContact, { externalUserId })
  switch (changeType) {
    // Scans that skip verification deliver either of the two (platform 7.4): both are an added contact.
    case 'add_external_contact':
    case 'add_half_external_contact': {
      const welcomeCode = fields.get('WelcomeCode')
      const greeted = { eventDigest, externalUserId, staffUserId: fields.get('UserID'), welcomeCode, receivedAtMs: receivedAt.getTime() - ageMs, state: fields.get('State') }
      const welcome = welcomeCode ? wanted(sendWelcome, greeted) : []
      return [...welcome, ...mirror]
    }
    case 'edit_external_contact':
    case 'transfer_fail':
    case 'msg_audit_approved':
      return mirror
    // `del_external_contact`: the staff deleted the customer; `del_follow_user`: the customer deleted the staff (often swapped, platform 12.16).
    case 'del_external_contact':
      return endOf(fields, fields.get('Source') === 'DELETE_BY_TRANSFER' ? 'transfer' : 'staff')
    case 'del_follow_user':
      return endOf(fields, 'customer')
    default:
      return null
  }
}

/** What an event asks for; null for kinds we do not know, which are kept and counted (trust test 10). */
export function jobsFor(event: CallbackEvent, eventDigest: string, receivedAt: Date): WantedJob[] | null {
  switch (event.event) {
    case 'change_external_contact':
      return contactJobs(event, eventDigest, receivedAt)
    case 'change_external_tag':
      return wanted(syncCorpTags, {})
    case 'change_contact':
      return wanted(syncStaff, {})
    default:
      return null
  }
}
