import postcss, { type AtRule, type Declaration, type Root, type Rule } from 'postcss'
import selectorParser from 'postcss-selector-parser'
import { resolvePath } from './resolvePath.ts'

/** How the selectors of a sheet are kept to their place. */
export type StyleScope =
  | { readonly kind: 'app' }
  | { readonly kind: 'page'; readonly route: string }
  | { readonly kind: 'component'; readonly prefix: string }

/** Tags that the phone renders as `wx-…` elements. */
function tagFor(tag: string): string {
  return tag.includes('-') ? tag : `wx-${tag}`
}

function scopeSelector(selector: string, scope: StyleScope): string {
  const transform = selectorParser((root) => {
    root.walkTags((tag) => {
      if (!/^\d|^(from|to)$/.test(tag.value)) tag.value = tagFor(tag.value)
    })
    if (scope.kind !== 'component') return
    root.walkClasses((node) => {
      node.value = `${scope.prefix}--${node.value}`
    })
    root.walkPseudos((node) => {
      if (node.value === ':host') node.replaceWith(selectorParser.attribute({ attribute: 'wx-host', operator: '=', value: scope.prefix, quoteMark: '"', raws: {} }))
    })
  })
  const scoped = transform.processSync(selector)
  if (scope.kind !== 'page') return scoped
  const at = `:where([data-route="${scope.route}"])`
  return selectorParser((root) => {
    root.each((one) => {
      const startsAtPage = one.first?.type === 'tag' && one.first.value === 'wx-page'
      if (startsAtPage) one.first.replaceWith(selectorParser.tag({ value: `wx-page${at}` }))
      else one.prepend(selectorParser.tag({ value: `${at} ` }))
    })
  }).processSync(scoped)
}

/** 750 rpx are the width of the screen, whatever it is. */
function translateUnits(value: string): string {
  return value.replace(/(-?\d*\.?\d+)rpx\b/g, (_, amount: string) => `${Number((Number(amount) / 7.5).toFixed(5))}vw`)
}

function inlineImports(root: Root, file: string, files: ReadonlyMap<string, string>, seen: ReadonlySet<string>): void {
  root.walkAtRules('import', (rule: AtRule) => {
    const target = /^(?:url\()?\s*['"]?([^'")]+)/.exec(rule.params)?.[1]
    if (target === undefined) throw rule.error('cannot read this @import')
    const path = resolvePath(target, file)
    const source = files.get(path)
    if (source === undefined) throw rule.error(`${path} is not in the build`)
    if (seen.has(path)) {
      rule.remove()
      return
    }
    const imported = postcss.parse(source, { from: path })
    inlineImports(imported, path, files, new Set([...seen, path]))
    rule.replaceWith(imported.nodes)
  })
}

function isInKeyframes(rule: Rule): boolean {
  return rule.parent?.type === 'atrule' && (rule.parent as AtRule).name.endsWith('keyframes')
}

/** Compiles one WXSS file to CSS for the phone: imports inlined, rpx converted, tags renamed, selectors scoped. */
export function compileStyles(file: string, files: ReadonlyMap<string, string>, scope: StyleScope): string {
  const root = postcss.parse(files.get(file) ?? '', { from: file })
  inlineImports(root, file, files, new Set([file]))
  root.walkDecls((declaration: Declaration) => {
    declaration.value = translateUnits(declaration.value)
  })
  root.walkRules((rule: Rule) => {
    if (!isInKeyframes(rule)) rule.selector = scopeSelector(rule.selector, scope)
  })
  return root.toString()
}
