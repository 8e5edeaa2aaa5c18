import { escapeHtml } from './escapeHtml.ts'
import { inlineStyle } from './inlineStyle.ts'

/** A page of a few words. */
export interface Notice {
  readonly pageTitle: string
  readonly title: string
  readonly text: string | null
  readonly action: { readonly path: string; readonly label: string } | null
}

const style = inlineStyle(`
:root { color-scheme: light dark; --bg: #f5f6f8; --card: #fff; --ink: #1c2430; --muted: #5b6676; --line: #e5e8ec; --primary: #0f766e; --on-primary: #fff }
@media (prefers-color-scheme: dark) { :root { --bg: #14181d; --card: #1d232a; --ink: #e8ecf0; --muted: #a0abb8; --line: #2c343d; --primary: #2dd4bf; --on-primary: #14181d } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--bg); color: var(--ink);
  font: 15px/1.6 -apple-system, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
main { box-sizing: border-box; width: calc(100% - 32px); max-width: 360px; padding: 24px; background: var(--card); border: 1px solid var(--line); border-radius: 12px }
h1 { margin: 0 0 8px; font-size: 18px }
p { margin: 0; color: var(--muted); font-size: 14px; overflow-wrap: anywhere }
a { display: block; margin-top: 16px; min-height: 44px; line-height: 44px; text-align: center; text-decoration: none; border-radius: 8px;
  background: var(--primary); color: var(--on-primary) }
`)

/** The policy such a page is sent with: its own style and nothing else. */
export const noticePolicy = `default-src 'none'; style-src ${style.source}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`

/** A page a person reads instead of the one they asked for: what is the matter, and what to do. */
export function noticePage({ pageTitle, title, text, action }: Notice): string {
  const detail = text === null ? '' : `<p>${escapeHtml(text)}</p>`
  const link = action === null ? '' : `<a href="${escapeHtml(action.path)}">${escapeHtml(action.label)}</a>`
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(pageTitle)}</title>
${style.element}
</head>
<body><main><h1>${escapeHtml(title)}</h1>${detail}${link}</main></body>
</html>
`
}
