import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '@qihui/shared/errors'
import type { Logger } from 'pino'
import type { Database } from '../db/pool.ts'
import type { FieldCipher, Place } from '../security/fieldCipher.ts'
import { blockCredential, readCredential, releaseLease, storeCredential, takeLease, type CredentialRow } from './tables.ts'
import type { CallMeter } from './callMeter.ts'
import type { Sightings } from './sightings.ts'
import { VendorRefusal } from './VendorRefusal.ts'

/** Fetched anew this long before the end, so that no call meets a token in its last second. */
const earlyMs = 5 * 60_000
/** A refresh that has not ended by then belongs to a process that died; the call itself is cut after 5 s. */
const leaseMs = 15_000
/** A wrong secret, tried often, gets the caller's IP banned for an hour (platform 1.1): so one try an hour. */
const blockMs = 60 * 60_000
const waitStepMs = 50
const waitSteps = 200

/** A credential of a vendor, fresh from it. */
export interface FetchedCredential {
  readonly value: string
  readonly expiresInSeconds: number
}

/** A credential and the instant it ends. */
export interface Credential {
  readonly value: string
  readonly expiresAt: Date
}

/** Which credential is kept, and how a new one is fetched. */
export interface KeptCredential {
  readonly vendor: string
  /** The app it belongs to: tokens of two apps never interchange (platform 1.1). */
  readonly app: string
  readonly kind: string
  /** The secret it is bought with; only its digest is stored. Empty for tickets. */
  readonly secret: string
  /** @param refused the value the vendor no longer takes, or null. @throws VendorRefusal */
  fetch(refused: string | null): Promise<FetchedCredential>
  /** Whether a refusal of `fetch` means the secret or the app id is wrong: then there is no second try for 60 minutes. */
  isWrongSecret(refusal: VendorRefusal): boolean
  /** Said to the caller while the block lasts; names the setting to change. */
  readonly wrongSecretDetail: string
}

/** Keeps one credential for all processes that share the database. */
export interface TokenKeeper {
  /** The credential in force; fetched when there is none. @throws AppError `vendor.configuration`, `vendor.unavailable`, VendorRefusal */
  get(): Promise<Credential>
  /** The successor of a value the vendor refused (40014, 42001, 40001): however many callers ask, one fetch. */
  replace(refused: string): Promise<Credential>
}

export interface KeeperServices {
  readonly db: Database
  readonly cipher: FieldCipher
  readonly now: () => Date
  readonly log: Logger
  readonly sightings: Sightings
  readonly callMeter?: CallMeter
}

interface KeptValue extends Credential {
  readonly obtainedAt: Date
}

/** Short-lived credentials (a stable token near its end) keep nine tenths of their life, others all but five minutes. */
function isFresh(kept: KeptValue, at: Date): boolean {
  const lifeMs = kept.expiresAt.getTime() - kept.obtainedAt.getTime()
  return at.getTime() < kept.expiresAt.getTime() - Math.min(earlyMs, lifeMs / 10)
}

class DatabaseTokenKeeper implements TokenKeeper {
  readonly #kept: KeptCredential
  readonly #services: KeeperServices
  readonly #key: readonly [string, string, string]
  readonly #place: Place
  readonly #secretDigest: Buffer
  #value: KeptValue | null = null
  /** The value the vendor refused last: whoever reads it from the database, now or in a flight that began before, must not take it for good. */
  #refused: string | null = null
  #inFlight: Promise<Credential> | null = null

  constructor(kept: KeptCredential, services: KeeperServices) {
    this.#kept = kept
    this.#services = services
    this.#key = [kept.vendor, kept.app, kept.kind]
    this.#place = { table: 'vendor_credential', column: 'value_sealed', rowId: this.#key.join('|') }
    this.#secretDigest = createHash('sha256').update(kept.secret).digest()
  }

  async get(): Promise<Credential> {
    if (this.#value && isFresh(this.#value, this.#services.now())) return this.#value
    return this.#once()
  }

  async replace(refused: string): Promise<Credential> {
    // A flight that began before the refusal may still land with the refused value: it is waited for, then looked at.
    await this.#inFlight?.catch(() => undefined)
    if (this.#value && this.#value.value !== refused) return this.#value
    this.#value = null
    this.#refused = refused
    return this.#once()
  }

  /** One flight per process; the lease makes it one flight across processes. */
  #once(): Promise<Credential> {
    this.#inFlight ??= this.#obtain().finally(() => {
      this.#inFlight = null
    })
    return this.#inFlight
  }

  async #obtain(): Promise<Credential> {
    const { db, now } = this.#services
    for (let step = 0; step < waitSteps; step += 1) {
      const row = (await db.run<CredentialRow>(readCredential, this.#key))[0]
      const stored = row ? this.#opened(row) : null
      if (stored && isFresh(stored, now())) {
        this.#value = stored
        return stored
      }
      if (row) this.#refuseWhileBlocked(row)
      const leaseId = randomUUID()
      const until = new Date(now().getTime() + leaseMs)
      const taken = await db.run(takeLease, [...this.#key, leaseId, until, now(), row?.value_sealed ?? null])
      if (taken.length > 0) return this.#fetchUnderLease(leaseId)
      // Somebody else is fetching; a value in its last minutes still serves meanwhile.
      if (stored && stored.expiresAt > now()) return stored
      await pause(waitStepMs)
    }
    throw new AppError('vendor.unavailable')
  }

  #opened(row: CredentialRow): KeptValue | null {
    if (!row.value_sealed || !row.obtained_at || !row.expires_at) return null
    const value = this.#services.cipher.open(this.#place, row.value_sealed)
    return value === this.#refused ? null : { value, obtainedAt: row.obtained_at, expiresAt: row.expires_at }
  }

  #refuseWhileBlocked(row: CredentialRow): void {
    const isSameSecret = row.secret_digest?.equals(this.#secretDigest) ?? false
    if (isSameSecret && row.blocked_until && row.blocked_until > this.#services.now()) {
      throw new AppError('vendor.configuration', this.#kept.wrongSecretDetail)
    }
  }

  async #fetchUnderLease(leaseId: string): Promise<Credential> {
    const { db, cipher, now, log } = this.#services
    try {
      const fetched = await this.#kept.fetch(this.#refused)
      const obtainedAt = now()
      const expiresAt = new Date(obtainedAt.getTime() + fetched.expiresInSeconds * 1000)
      await db.run(storeCredential, [...this.#key, leaseId, cipher.seal(this.#place, fetched.value), obtainedAt, expiresAt, this.#secretDigest])
      const value: KeptValue = { value: fetched.value, obtainedAt, expiresAt }
      this.#value = value
      return value
    } catch (error) {
      if (!(error instanceof VendorRefusal && this.#kept.isWrongSecret(error))) {
        await db.run(releaseLease, [...this.#key, leaseId])
        throw error
      }
      await db.run(blockCredential, [...this.#key, leaseId, new Date(now().getTime() + blockMs), this.#secretDigest])
      log.error(
        { alert: 'vendorSecretRefused', vendor: this.#kept.vendor, app: this.#kept.app, kind: this.#kept.kind, errcode: error.errcode },
        'the vendor refuses our secret; no further try for 60 minutes or until the setting changes',
      )
      throw new AppError('vendor.configuration', this.#kept.wrongSecretDetail)
    }
  }
}

/**
 * One refresh in flight per (vendor, app, kind), across processes by a lease row and without an open transaction,
 * and within the process besides (issue 3, test 14). Values rest sealed.
 */
export function createTokenKeeper(kept: KeptCredential, services: KeeperServices): TokenKeeper {
  return new DatabaseTokenKeeper(kept, services)
}
