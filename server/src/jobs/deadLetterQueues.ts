/** Jobs of another version of the server wait here for somebody to look. */
export const unhandledQueue = 'unhandled'
/** Jobs that failed for good rest in the queue of their name and this. */
export const deadSuffix = '-dead'

/** Where the letters of a job rest. */
export const letterQueueOf = (job: string): string => (job === unhandledQueue ? unhandledQueue : `${job}${deadSuffix}`)
