/** Part of the browser's storage that belongs to one place: another device would not see it. */
function roomIn(storage: Storage, prefix: string): Storage {
  const keys = (): string[] => Object.keys(storage).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
  return {
    get length() {
      return keys().length
    },
    key: (index) => keys()[index] ?? null,
    getItem: (key) => storage.getItem(`${prefix}${key}`),
    setItem: (key, value) => storage.setItem(`${prefix}${key}`, value),
    removeItem: (key) => storage.removeItem(`${prefix}${key}`),
    clear: () => keys().forEach((key) => storage.removeItem(`${prefix}${key}`)),
  }
}

/** Gives the page storage of its own per place and person, as cookies are. */
export function ownStorage(prefix: string): void {
  for (const name of ['localStorage', 'sessionStorage'] as const) {
    const room = roomIn(window[name], `${prefix}|`)
    Object.defineProperty(window, name, { get: () => room })
  }
}
