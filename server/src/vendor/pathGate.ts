/** How a call ended, as far as its path is concerned; `heldBack`: it did not leave. */
export type PathOutcome = 'answered' | 'frequency' | 'crowded' | 'silent' | 'heldBack'

/** A place among the calls of one API. */
export interface PathPass {
  /** Milliseconds the call has to stay back; 0: it may leave now. Asked once, before the call. */
  heldBackMs(): number
  /** Gives the place back; always, however the call ended. */
  leave(outcome: PathOutcome): void
}

/** One API of a vendor: how often and how many at once it may be called now. */
export interface PathGate {
  /** Waits for a place among those under way. Null: none came free in time. */
  enter(): Promise<PathPass | null>
}

/** Calls of one API under way at once before anything was refused; the vendors publish no number. */
const firstPlaces = 20
/** A refusal for crowding (45033) halves the places for this long. */
const crowdedMs = 60_000
/** The caller of a call is a person or a worker with work of its own. */
const maxWaitMs = 5_000
/** Between the end of a window and the answer of the one call that tries. */
const trialWaitMs = 2_000

interface Options {
  readonly now: () => Date
  /** Windows of the vendor's frequency limits, shortest first: a refusal blocks for the length of the one that was hit, which is not said (platform 1.1). */
  readonly windowsMs: readonly number[]
}

class Gate implements PathGate {
  readonly #options: Options
  #running = 0
  /** Rises with every halving: tells calls that left before it from those after. */
  #crowd = 0
  #places = firstPlaces
  #crowdedUntil = 0
  readonly #waiting = new Set<() => void>()
  /** Windows waited for in vain, the one that runs included. */
  #refusals = 0
  #firstRefusedAt = 0
  #shutUntil = 0
  #isTrialOut = false

  constructor(options: Options) {
    this.#options = options
  }

  #at(): number {
    return this.#options.now().getTime()
  }

  #hasPlace(): boolean {
    if (this.#places < firstPlaces && this.#at() >= this.#crowdedUntil) this.#places = firstPlaces
    return this.#running < this.#places
  }

  async enter(): Promise<PathPass | null> {
    if (this.#hasPlace()) this.#running += 1
    else if (!(await this.#turn())) return null
    const crowd = this.#crowd
    return { heldBackMs: () => this.#heldBackMs(), leave: (outcome) => this.#leave(outcome, crowd) }
  }

  #turn(): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isTurn: boolean) => {
        clearTimeout(timer)
        this.#waiting.delete(take)
        resolve(isTurn)
      }
      const take = () => {
        this.#running += 1
        end(true)
      }
      const timer = setTimeout(() => end(false), maxWaitMs)
      this.#waiting.add(take)
    })
  }

  #heldBackMs(): number {
    if (this.#refusals === 0) return 0
    const left = this.#shutUntil - this.#at()
    if (left > 0) return left
    // One tries, the others wait for what it is told: a window that still runs costs one call, not a crowd.
    if (this.#isTrialOut) return trialWaitMs
    this.#isTrialOut = true
    return 0
  }

  #leave(outcome: PathOutcome, crowd: number): void {
    if (outcome === 'frequency') this.#shut()
    else if (outcome === 'crowded') this.#narrow(crowd)
    else if (outcome === 'answered' && this.#at() >= this.#shutUntil) this.#refusals = 0
    if (outcome !== 'heldBack') this.#isTrialOut = false
    this.#running -= 1
    this.#wake()
  }

  #shut(): void {
    const at = this.#at()
    // The rest of a crowd that left together is told of the same window.
    if (this.#refusals > 0 && at < this.#shutUntil) return
    const { windowsMs } = this.#options
    if (this.#refusals === 0) this.#firstRefusedAt = at
    const windowMs = windowsMs[Math.min(this.#refusals, windowsMs.length - 1)] ?? 0
    // A longer window began with the first refusal, not with the call that found it still running.
    const begunAt = this.#refusals < windowsMs.length ? this.#firstRefusedAt : at
    this.#shutUntil = Math.max(begunAt + windowMs, at)
    this.#refusals += 1
  }

  #narrow(crowd: number): void {
    // Once for a crowd: those that left before the last halving say nothing about the new number.
    if (crowd !== this.#crowd) return
    this.#crowd += 1
    this.#places = Math.max(1, Math.floor(this.#running / 2))
    this.#crowdedUntil = this.#at() + crowdedMs
  }

  /** The oldest first, as many as there are places. */
  #wake(): void {
    for (const take of [...this.#waiting]) {
      if (!this.#hasPlace()) return
      take()
    }
  }
}

/** The gates of a vendor's APIs in this process, made when first asked for. */
export function createPathGates(options: Options): (path: string) => PathGate {
  const gates = new Map<string, PathGate>()
  return (path) => {
    const known = gates.get(path)
    if (known !== undefined) return known
    const made = new Gate(options)
    gates.set(path, made)
    return made
  }
}
