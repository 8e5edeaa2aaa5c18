import type { Visit } from './places.ts'

/** Cookies of every place and person, kept apart as on real devices. */
export interface CookieJars {
  header(visit: Visit): string
  keep(visit: Visit, setCookies: readonly string[]): void
}

function isExpired(attributes: string): boolean {
  const maxAge = /max-age=(-?\d+)/i.exec(attributes)?.[1]
  if (maxAge !== undefined) return Number(maxAge) <= 0
  const expires = /expires=([^;]+)/i.exec(attributes)?.[1]
  return expires !== undefined && Date.parse(expires) <= Date.now()
}

/** In memory: a restart is a phone with cleared cookies. */
export function createCookieJars(): CookieJars {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = ({ prefix }: Visit): Map<string, string> => {
    const jar = jars.get(prefix) ?? new Map<string, string>()
    jars.set(prefix, jar)
    return jar
  }
  return {
    header: (visit) => [...jarOf(visit)].map(([name, value]) => `${name}=${value}`).join('; '),
    keep(visit, setCookies) {
      for (const line of setCookies) {
        const [pair = '', ...attributes] = line.split(';')
        const [name = '', value = ''] = pair.trim().split(/=(.*)/s)
        if (isExpired(attributes.join(';'))) jarOf(visit).delete(name)
        else jarOf(visit).set(name, value)
      }
    },
  }
}
