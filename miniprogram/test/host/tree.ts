import type { Template } from './templates.ts'

/** A node as Taro hands it to `setData`. */
export interface RawNode {
  readonly nn?: string
  readonly sid?: string
  readonly uid?: string
  readonly v?: string
  readonly cn?: readonly RawNode[]
  readonly [key: string]: unknown
}

/** A node as the person meets it. */
export interface ScreenNode {
  readonly tag: string
  readonly sid: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: ReadonlySet<string>
  readonly text: string
  readonly children: readonly ScreenNode[]
}

/** Reads a node and everything in it. @throws Error for a node the build has no template for */
export function screenNode(raw: RawNode, templates: ReadonlyMap<string, Template>): ScreenNode {
  const template = templates.get(raw.nn ?? '')
  if (template === undefined) throw new Error(`base.wxml has no template for node "${raw.nn}": it would be invisible`)
  const children = (raw.cn ?? []).map((child) => screenNode(child, templates))
  const attributes = Object.fromEntries([...template.attributes].map(([name, key]) => [name, raw[key]]))
  return { tag: template.tag, sid: raw.sid ?? '', attributes, events: template.events, text: (raw.v ?? '') + children.map(({ text }) => text).join(''), children }
}

/** A hidden popup is in the tree all the same; nobody sees or taps what is in it. */
function visibleChildren(node: ScreenNode): readonly ScreenNode[] {
  return node.children.filter((child) => child.tag !== 'van-popup' || child.attributes['show'] === true)
}

export function visibleText(node: ScreenNode): string {
  return node.children.length === 0 ? node.text : visibleChildren(node).map(visibleText).join(' ')
}

/** The way from the page to the innermost visible node that fits. */
export function pathTo(node: ScreenNode, fits: (candidate: ScreenNode) => boolean, above: readonly ScreenNode[] = []): readonly ScreenNode[] | null {
  const path = [...above, node]
  for (const child of visibleChildren(node)) {
    const found = pathTo(child, fits, path)
    if (found !== null) return found
  }
  return fits(node) ? path : null
}

/** Number of elements, levels, and children of the widest element: what the experience score counts (experience 2.5). */
export function measure(node: ScreenNode): { nodes: number; depth: number; widest: number } {
  const inner = node.children.map(measure)
  return {
    nodes: 1 + inner.reduce((sum, { nodes }) => sum + nodes, 0),
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
    widest: Math.max(node.children.length, ...inner.map(({ widest }) => widest)),
  }
}
