import { AppError } from '@qihui/shared/errors'
import type { Probe, SilenceCause, VendorCause } from '@qihui/shared/doctor'
import { VendorRefusal } from './VendorRefusal.ts'

/** Somebody waits for the diagnosis, and several hosts are asked. Milliseconds. */
const reachTimeoutMs = 5_000

const causes: Readonly<Record<string, SilenceCause>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'network',
  CERT_HAS_EXPIRED: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
}

/** Why a request got no answer, from what fetch throws. */
export function silenceCauseOf(error: unknown): SilenceCause {
  if (!(error instanceof Error)) return 'network'
  if (error.name === 'TimeoutError') return 'timeout'
  const { code } = (error.cause ?? {}) as { code?: unknown }
  return causes[String(code)] ?? 'network'
}

/** Whether a host answers at all, and how far its clock is from ours. */
export interface Reach {
  /** Null when it answered. */
  readonly silence: SilenceCause | null
  /** Its clock minus ours, milliseconds, exact to about a second; null without an answer. */
  readonly clockSkewMs: number | null
}

/** Asks a vendor's host for anything: a refusal is an answer, a web page is not. @param url without a secret */
export async function reach(url: string, now: () => Date): Promise<Reach> {
  const askedAt = now().getTime()
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(reachTimeoutMs) })
    const isJson = /json|text\/plain/.test(response.headers.get('content-type') ?? '')
    await response.body?.cancel()
    const theirs = Date.parse(response.headers.get('date') ?? '')
    const ours = (askedAt + now().getTime()) / 2
    return { silence: response.status < 300 && isJson ? null : 'strange', clockSkewMs: Number.isNaN(theirs) ? null : Math.round(theirs - ours) }
  } catch (error) {
    return { silence: silenceCauseOf(error), clockSkewMs: null }
  }
}

/** Makes a harmless call and tells how it went; it never throws. @param meaningOf what an error number of that host means */
export async function probeCall<T>(work: () => Promise<T>, meaningOf: (errcode: number) => VendorCause, callerIpOf: (errmsg: string) => string | null): Promise<Probe<T>> {
  try {
    return { outcome: 'ok', value: await work() }
  } catch (error) {
    if (error instanceof VendorRefusal) return { outcome: 'refused', cause: meaningOf(error.errcode), errcode: error.errcode, callerIp: callerIpOf(error.errmsg) }
    if (error instanceof AppError) return { outcome: 'silent', cause: 'strange' }
    return { outcome: 'silent', cause: silenceCauseOf(error) }
  }
}
