/** Escapes text for HTML. */
function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replace(/[&<>"']/g, (character) => entities[character] as string)
}

function frame(title: string, body: string): string {
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>body{margin:0;font:15px/1.6 -apple-system,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;
color:#1c2430;background:#f5f6f8}main{max-width:420px;margin:64px auto;padding:24px;background:#fff;border-radius:12px}
h1{font-size:18px;margin:0 0 12px}p{color:#5b6676}a{display:block;line-height:44px;text-align:center;border-radius:8px;background:#0f766e;
color:#fff;text-decoration:none}</style></head><body><main>${body}</main></body></html>`
}

/** The page a person sees when the link cannot be opened. */
export function refusalPage(code: number | null, text: string): string {
  const detail = code === null ? '' : `<p>错误码：${code}</p>`
  return frame('无法打开', `<h1>无法打开</h1><p>${escapeHtml(text)}</p>${detail}`)
}

/** The consent page of `snsapi_privateinfo` [3.1]. */
export function consentPage(agreeUrl: string): string {
  return frame('授权登录', `<h1>企会 申请获取你的个人信息</h1><p>包括头像、手机号和邮箱。</p><a href="${escapeHtml(agreeUrl)}">同意</a>`)
}

/** A round picture with the first character of a name. */
export function avatarSvg(name: string): string {
  const letter = escapeHtml([...name][0] ?? '客')
  const hue = [...name].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % 360
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" fill="hsl(${hue} 32% 42%)"/>
<text x="48" y="62" font-size="40" fill="#fff" text-anchor="middle" font-family="PingFang SC,Noto Sans CJK SC,Microsoft YaHei,sans-serif">${letter}</text></svg>`
}
