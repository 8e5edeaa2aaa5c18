import { SaxesParser } from 'saxes'

/** Text of an element, trimmed; or its elements by name when it has any; several of one name in their order. */
export type XmlValue = string | XmlElements | XmlValue[]
/** By name; the names are the sender's. */
export type XmlElements = Map<string, XmlValue>

interface OpenElement {
  elements: XmlElements | null
  text: string
}

function put(parent: OpenElement, name: string, value: XmlValue): void {
  parent.elements ??= new Map()
  const before = parent.elements.get(name)
  if (before === undefined) parent.elements.set(name, value)
  else if (Array.isArray(before)) before.push(value)
  else parent.elements.set(name, [before, value])
}

/**
 * Reads a small document; attributes are left out. What is not well-formed, has a DOCTYPE or uses an entity that XML itself does not
 * know is refused, so nothing is ever expanded or fetched.
 * @returns its one root element by name
 * @throws Error
 */
export function readXml(xml: string): XmlElements {
  let current: OpenElement = { elements: null, text: '' }
  const outer: OpenElement[] = []
  const addText = (text: string) => {
    current.text += text
  }
  const parser = new SaxesParser({ position: false })
  parser.on('doctype', () => parser.fail('a DOCTYPE is not allowed'))
  parser.on('opentag', () => {
    outer.push(current)
    current = { elements: null, text: '' }
  })
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', ({ name }) => {
    const { elements, text } = current
    current = outer.pop() ?? current
    put(current, name, elements ?? text.trim())
  })
  // Without a handler of its own for errors, the parser throws the first one.
  parser.write(xml).close()
  return current.elements ?? new Map()
}
