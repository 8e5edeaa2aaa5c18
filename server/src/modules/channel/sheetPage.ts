import { escapeHtml } from '../../http/escapeHtml.ts'
import { inlineStyle } from '../../http/inlineStyle.ts'
import type { InviteChannelRow } from './queries.ts'

const style = inlineStyle(`
@page { size: A4 portrait; margin: 16mm }
* { box-sizing: border-box }
body { margin: 0; color: #1c2430; background: #fff; font: 16px/1.6 -apple-system, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
main { width: 100%; max-width: 178mm; margin: 0 auto; padding: 12mm 0; text-align: center }
h1 { margin: 0; font-size: 34px; color: #0f766e }
.place { margin: 4px 0 0; font-size: 18px; color: #5b6676; min-height: 1.6em }
.codes { display: flex; justify-content: center; gap: 16mm; margin: 14mm 0 }
figure { margin: 0; width: 72mm }
img { width: 72mm; height: 72mm; object-fit: contain; border: 1px solid #e5e8ec; border-radius: 12px; padding: 3mm }
figcaption { margin-top: 4mm; color: #5b6676 }
figcaption b { display: block; font-size: 22px; color: #1c2430 }
ol { display: inline-block; margin: 0; padding: 0 0 0 1.4em; text-align: left; font-size: 18px; line-height: 2 }
footer { margin-top: 12mm; font-size: 13px; color: #5b6676 }
.tip { padding: 12px; background: #e6f4f1; color: #115e59; font-size: 14px; text-align: center }
@media print { .tip { display: none } main { padding: 0 } }
`)

/** The policy the sheet is sent with: pictures (WeCom serves its code itself) and its own style. */
export const sheetPolicy = `default-src 'none'; img-src 'self' https:; style-src ${style.source}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

interface Code {
  readonly picture: string
  readonly title: string
  readonly hint: string
}

function codesOf(row: InviteChannelRow): Code[] {
  const { token } = row
  const page: Code = { picture: `/i/${token}/code.svg`, title: '扫码入会', hint: '微信或手机浏览器扫一扫' }
  const miniProgram: Code = { picture: `/channel-codes/${token}/mini-program.png`, title: '一键入会', hint: '微信扫一扫，打开会员小程序' }
  const contactWay: Code = { picture: `/channel-codes/${token}/contact-way.png`, title: '添加专属顾问', hint: `微信扫一扫，${row.staff_name === null ? '添加企业微信顾问' : `添加${row.staff_name}为好友`}` }
  return [row.has_image ? miniProgram : page, ...(row.has_contact_way ? [contactWay] : [])]
}

function codeBlock({ picture, title, hint }: Code): string {
  return `<figure><img src="${escapeHtml(picture)}" alt="${escapeHtml(title)}"><figcaption><b>${escapeHtml(title)}</b>${escapeHtml(hint)}</figcaption></figure>`
}

/** A sheet to print and put up in the shop (R7): one A4 page, both codes, how to scan. It carries no script; the browser prints it. */
export function sheetPage(row: InviteChannelRow, brandName: string): string {
  const place = [row.store_name, row.staff_name === null ? null : `服务顾问 ${row.staff_name}`].filter((part) => part !== null).join(' · ')
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(`${row.name} · 扫码海报`)}</title>
${style.element}
</head>
<body>
<p class="tip">按 Ctrl + P（苹果电脑按 ⌘ + P）即可打印，纸张请选择 A4 纵向。</p>
<main>
<h1>${escapeHtml(`欢迎加入${brandName}会员`)}</h1>
<p class="place">${escapeHtml(place)}</p>
<div class="codes">${codesOf(row).map(codeBlock).join('')}</div>
<ol>
<li>打开微信，点击右上角“＋”，选择“扫一扫”</li>
<li>对准上方二维码，阅读并同意隐私政策</li>
<li>确认后即成为会员，会员码可在小程序中查看</li>
</ol>
<footer>${escapeHtml(row.name)}　您的信息仅用于会员服务，可随时查询、更正或注销</footer>
</main>
</body>
</html>
`
}
