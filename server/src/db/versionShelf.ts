/** How long a process may go without looking for newer versions, milliseconds. */
const rereadAfterMs = 5000

/** Immutable versions of one kind, read through and kept: a version once read never changes, only the list of them grows. */
export interface VersionShelf<Mark extends { readonly version: string }, Full> {
  /** Every version's mark; at most five seconds old. */
  marks(): Promise<readonly Mark[]>
  /** The whole version, or null when there is none; one published a moment ago elsewhere is found at once. */
  find(version: string): Promise<Full | null>
  /** Reads the list again now: for the process that has just published, and for a name that is missing. */
  refresh(): Promise<readonly Mark[]>
}

/** @param source how the list and one version are read; `now` is the server's clock */
export function createVersionShelf<Mark extends { readonly version: string }, Full>(source: {
  readonly readMarks: () => Promise<readonly Mark[]>
  readonly readVersion: (version: string) => Promise<Full | null>
  readonly now: () => Date
}): VersionShelf<Mark, Full> {
  const whole = new Map<string, Full>()
  let held: { readonly marks: readonly Mark[]; readonly readAt: number } | null = null
  let pending: Promise<readonly Mark[]> | null = null

  function refresh(): Promise<readonly Mark[]> {
    const reading: Promise<readonly Mark[]> = source
      .readMarks()
      .then((marks) => {
        // A reading that began before a later one must not undo it.
        if (pending === reading) held = { marks, readAt: source.now().getTime() }
        return marks
      })
      .finally(() => {
        if (pending === reading) pending = null
      })
    pending = reading
    return reading
  }

  async function marks(): Promise<readonly Mark[]> {
    // The clock may also have been set back.
    if (held !== null && Math.abs(source.now().getTime() - held.readAt) < rereadAfterMs) return held.marks
    return pending ?? refresh()
  }

  return {
    refresh,
    marks,
    async find(version) {
      const known = whole.get(version)
      if (known !== undefined) return known
      const isListed = (listed: readonly Mark[]) => listed.some((mark) => mark.version === version)
      // A caller's text is compared here and never sent to the database, which has no word for some of it.
      if (!isListed(await marks()) && !isListed(await refresh())) return null
      const read = await source.readVersion(version)
      if (read !== null) whole.set(version, read)
      return read
    },
  }
}
