import { inject, type InjectionKey } from 'vue'

/** What the page's root has provided under `key`. @throws Error when the root forgot it: a mistake in our own wiring. */
export function useProvided<T>(key: InjectionKey<T>): T {
  const value = inject(key)
  if (value === undefined) throw new Error(`Nothing was provided as ${String(key.description)}`)
  return value
}
