import { settle, WxFailure, type CallOptions } from './settle.ts'

interface KeyOptions extends CallOptions {
  readonly key: string
}

/** Storage of one person's mini-program; kept when it is closed, and apart from everybody else's. */
export function createStorage(personId: string): Record<string, unknown> {
  const prefix = `phone:${personId}:data:`
  const read = (key: string): unknown => {
    const text = localStorage.getItem(prefix + key)
    return text === null ? undefined : (JSON.parse(text) as { value: unknown }).value
  }
  const write = (key: string, value: unknown): void => localStorage.setItem(prefix + key, JSON.stringify({ value }))
  const remove = (key: string): void => localStorage.removeItem(prefix + key)
  const keys = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
  const clear = (): void => keys().forEach(remove)
  const info = () => ({ keys: keys(), currentSize: 1, limitSize: 10_240 })
  return {
    getStorageSync: (key: string) => read(key) ?? '',
    setStorageSync: write,
    removeStorageSync: remove,
    clearStorageSync: clear,
    getStorageInfoSync: info,
    getStorage: (options: KeyOptions) => settle('getStorage', options, () => {
      const data = read(options.key)
      if (data === undefined) throw new WxFailure('data not found')
      return { data }
    }),
    setStorage: (options: KeyOptions & { data: unknown }) => settle('setStorage', options, () => {
      write(options.key, options.data)
      return {}
    }),
    removeStorage: (options: KeyOptions) => settle('removeStorage', options, () => {
      remove(options.key)
      return {}
    }),
    clearStorage: (options?: CallOptions) => settle('clearStorage', options, () => {
      clear()
      return {}
    }),
    getStorageInfo: (options?: CallOptions) => settle('getStorageInfo', options, info),
  }
}
