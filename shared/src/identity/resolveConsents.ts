/** Where one purpose stands for one of the persons that become one. */
export interface PurposeStanding {
  readonly purpose: string
  readonly state: 'granted' | 'refused' | 'withdrawn'
}

/** A purpose after the merge; `isNarrowed` when somebody's yes no longer counts. */
export interface ResolvedConsent extends PurposeStanding {
  readonly isNarrowed: boolean
}

/** Without it there is no member; not having been asked is no answer to it. */
const neededPurpose = 'membership'

/**
 * Consents of persons that become one (domain rules a 5): the narrower wins, a no or a withdrawal wins over a yes. A person who was
 * never asked anything (a mere contact) has no say; one who was asked and did not tick an optional purpose did not agree to it.
 */
export function resolveConsents(sides: readonly (readonly PurposeStanding[])[]): ResolvedConsent[] {
  const asked = sides.filter((side) => side.length > 0)
  const purposes = [...new Set(asked.flatMap((side) => side.map(({ purpose }) => purpose)))].sort()
  return purposes.map((purpose) => {
    const states = asked.map((side) => side.find((standing) => standing.purpose === purpose)?.state ?? 'none')
    const isGranted = states.includes('granted')
    if (states.includes('withdrawn')) return { purpose, state: 'withdrawn', isNarrowed: isGranted }
    if (states.includes('refused')) return { purpose, state: 'refused', isNarrowed: isGranted }
    const isUnticked = purpose !== neededPurpose && states.includes('none')
    return { purpose, state: isUnticked ? 'refused' : 'granted', isNarrowed: isUnticked }
  })
}
