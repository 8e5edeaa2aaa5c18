const fs = require('node:fs')
const path = require('node:path')

const vantRoot = path.join(path.dirname(require.resolve('@vant/weapp/package.json')), 'lib')
const iconFontSource = path.join(path.dirname(require.resolve('@vant/icons/package.json')), 'src', 'encode-woff2.less')
const prefix = '/vant/'

/** What one file of @vant/weapp needs, as paths relative to `lib/`. */
function referencesOf(file) {
  const text = fs.readFileSync(path.join(vantRoot, file), 'utf8')
  const found = []
  if (file.endsWith('.json')) {
    for (const target of Object.values(JSON.parse(text).usingComponents ?? {})) found.push(...componentFiles(target))
  }
  const patterns = {
    '.js': [/require\("(\.[^"]+)"\)/g],
    '.wxs': [/require\(['"](\.[^'"]+)['"]\)/g],
    '.wxml': [/<(?:import|include|wxs)\s[^>]*src="([^"]+)"/g],
    '.wxss': [/@import\s+['"]([^'"]+)['"]/g],
  }
  for (const pattern of patterns[path.extname(file)] ?? []) {
    for (const [, target] of text.matchAll(pattern)) found.push(path.extname(target) === '' ? `${target}.js` : target)
  }
  return found.map((target) => path.posix.join(path.posix.dirname(file), target))
}

/** The four files of a component that exist; a component without styles has no wxss. */
function componentFiles(component) {
  return ['js', 'json', 'wxml', 'wxss'].map((extension) => `${component}.${extension}`)
}

/** Everything the given components need, found by following their files. */
function closureOf(components) {
  const queue = components.flatMap(componentFiles)
  const files = new Set()
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file) || !fs.existsSync(path.join(vantRoot, file))) continue
    files.add(file)
    queue.push(...referencesOf(file))
  }
  return files
}

/** The icon font of @vant/icons, embedded: the shipped build loads nothing from a foreign host. */
function withEmbeddedIconFont(styles) {
  const base64 = /url\('(data:font\/woff2;[^']+)'\)/.exec(fs.readFileSync(iconFontSource, 'utf8'))?.[1]
  if (base64 === undefined) throw new Error('vantWeapp: no embedded font found in @vant/icons; check its version')
  const embedded = styles.replace(/@font-face\{[^}]*\}/, `@font-face{font-family:vant-icon;font-weight:400;font-style:normal;src:url("${base64}") format("woff2")}`)
  if (/\/\/[\w.-]+\.[a-z]{2,}\//.test(embedded.replace(base64, ''))) throw new Error('vantWeapp: the icon styles still name a foreign host')
  return embedded
}

/**
 * Copies the prebuilt files of the used @vant/weapp components to `dist/vant/`, untouched, so that pages can say
 * `usingComponents: { 'van-icon': '/vant/icon/index' }`. Letting Taro resolve the package itself ships a broken app
 * and still reports success.
 */
module.exports = (ctx) => {
  const used = new Set()
  ctx.modifyMiniConfigs(({ configMap }) => {
    for (const { content } of Object.values(configMap)) {
      for (const target of Object.values(content?.usingComponents ?? {})) {
        if (!target.startsWith(prefix)) continue
        const component = target.slice(prefix.length)
        if (!fs.existsSync(path.join(vantRoot, `${component}.js`))) throw new Error(`vantWeapp: @vant/weapp has no component ${component}`)
        used.add(component)
      }
    }
  })
  ctx.onBuildFinish(({ error }) => {
    if (error) return
    for (const file of closureOf([...used])) {
      const target = path.join(ctx.paths.outputPath, 'vant', file)
      fs.mkdirSync(path.dirname(target), { recursive: true })
      const isIconStyle = file === 'icon/index.wxss'
      if (isIconStyle) fs.writeFileSync(target, withEmbeddedIconFont(fs.readFileSync(path.join(vantRoot, file), 'utf8')))
      else fs.copyFileSync(path.join(vantRoot, file), target)
    }
  })
}
