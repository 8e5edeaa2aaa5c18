import type { InviteApi } from '../../api/inviteApi.ts'
import type { Surroundings } from '../surroundings.ts'

/** The visit of this window: counted at the first gesture, once, and named when the registration ends it. */
export interface Visit {
  /** The same for the whole window: the login on the way does not make it two. */
  id(): string
  /** Told at every gesture; asks the server once per opening of the page. */
  note(): Promise<void>
}

export function createVisit(api: Pick<InviteApi, 'recordVisit'>, { token, storage, newId }: Pick<Surroundings, 'token' | 'storage' | 'newId'>): Visit {
  const key = `qihui.visit.${token}`
  let noted: Promise<void> | null = null
  const id = () => {
    const kept = storage.getItem(key) ?? newId()
    storage.setItem(key, kept)
    return kept
  }
  return {
    id,
    note() {
      // A visit that could not be counted keeps nobody from joining.
      noted ??= api.recordVisit(token, id()).catch(() => undefined)
      return noted
    },
  }
}
