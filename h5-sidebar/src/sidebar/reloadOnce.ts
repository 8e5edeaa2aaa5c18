const reloadKey = 'qihui.reloadedAt'
const quietMs = 60_000

/**
 * A page kept open over a release asks for a file that is gone (the desktop client does so for days): load the new page, but not
 * again and again when the file is really missing.
 */
export function reloadOnce(storage: Pick<Storage, 'getItem' | 'setItem'>, now: number, reload: () => void): void {
  if (now - Number(storage.getItem(reloadKey) ?? 0) < quietMs) return
  storage.setItem(reloadKey, String(now))
  reload()
}
