import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One template of `base.wxml`: the element it draws and where each attribute comes from. */
export interface Template {
  readonly tag: string
  /** Attribute name → key of the node in `setData` (`p4`, `cl`, `ariaLabel`). */
  readonly attributes: ReadonlyMap<string, string>
  /** Events the element listens to: `tap`, `getphonenumber`. */
  readonly events: ReadonlySet<string>
}

function templateOf(body: string): Template {
  const [, tag = 'block', attributeText = ''] = /^<([\w-]+)((?:\s+[\w:-]+(?:="[^"]*")?)*)/.exec(body) ?? []
  const attributes = new Map<string, string>()
  const events = new Set<string>()
  for (const [, name = '', value = ''] of attributeText.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    const key = /\bi\.(\w+)/.exec(value)?.[1]
    const event = /^(?:bind|catch):?([a-z]+)$/.exec(name)?.[1]
    if (event !== undefined) events.add(event)
    else if (key !== undefined) attributes.set(name, key)
  }
  return { tag, attributes, events }
}

/** Templates of a build by node name. A node without one would be invisible in the client, so the host refuses it. */
export function readTemplates(dist: string): ReadonlyMap<string, Template> {
  const text = readFileSync(join(dist, 'base.wxml'), 'utf8')
  const found = [...text.matchAll(/<template name="tmpl_0_([\w-]+)">\s*(<[\s\S]*?)<\/template>/g)]
  const bodies = new Map(found.map(([, name = '', body = '']) => [name, body]))
  // A field one can type into has one template with and one without focus, chosen by a third.
  return new Map([...bodies].map(([name, body]) => [name, templateOf(body.startsWith('<template ') ? (bodies.get(`${name}_blur`) ?? body) : body)]))
}
