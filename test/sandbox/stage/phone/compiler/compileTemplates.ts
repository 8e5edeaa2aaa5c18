import { TmplGroup } from 'glass-easel-template-compiler'
import { builtinTemplates } from './builtinTemplates.ts'

interface TemplateProblem {
  readonly level: string
  readonly message: string
  readonly path: string
  readonly startLine: number
  readonly startColumn: number
}

/** Names WXS offers that plain JavaScript does not; `constructor` is a string there. */
const wxsRuntime = `
var getRegExp = (pattern, flags) => new RegExp(pattern, flags);
var getDate = (...parts) => new Date(...parts);
var wxsConstructor = (value) => value === undefined || value === null ? undefined : Object.prototype.toString.call(value).slice(8, -1);
`

/** WXS as JavaScript: no suffix in `require`, and `value.constructor` gives the type's name. */
export function translateWxs(source: string): string {
  return source
    .replace(/require\(\s*(['"])(.*?)\.wxs\1\s*\)/g, 'require($1$2$1)')
    .replace(/([\w$]+(?:\.[\w$]+|\[[^\]]+\])*)\.constructor\b/g, 'wxsConstructor($1)')
}

function translateInlineScripts(group: TmplGroup, path: string): void {
  for (const name of group.getInlineScriptModuleNames(path) as string[]) {
    group.setInlineScript(path, name, translateWxs(group.getInlineScript(path, name)))
  }
}

/**
 * Compiles every WXML and WXS file, and the templates of the built-in components, to one JavaScript expression: a map from
 * template path (no suffix) to its generator.
 * @throws when a template does not parse, naming file and line.
 */
export function compileTemplates(files: ReadonlyMap<string, string>): string {
  const group = new TmplGroup()
  group.setExtraRuntimeScript(wxsRuntime)
  const problems: TemplateProblem[] = []
  for (const [file, source] of files) {
    if (file.endsWith('.wxml')) {
      const path = file.slice(0, -'.wxml'.length)
      problems.push(...(group.addTmpl(path, source) as TemplateProblem[]))
      translateInlineScripts(group, path)
    }
    if (file.endsWith('.wxs')) group.addScript(file.slice(0, -'.wxs'.length), translateWxs(source))
  }
  for (const [name, source] of Object.entries(builtinTemplates)) group.addTmpl(`builtin:${name}`, source)
  const expression = group.getTmplGenObjectGroups()
  group.free()
  const serious = problems.filter((problem) => problem.level !== 'Note' && problem.level !== 'Info')
  if (serious.length > 0) {
    throw new Error(serious.map((problem) => `${problem.path}.wxml:${problem.startLine + 1}:${problem.startColumn + 1} ${problem.message}`).join('\n'))
  }
  return expression
}
