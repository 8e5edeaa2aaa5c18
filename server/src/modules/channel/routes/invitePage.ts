import { openTagStyle, type ChannelOpenness } from '@qihui/shared/channel'
import { AppError } from '@qihui/shared/errors'
import { readBuiltPage } from '../../../http/assets.ts'
import { escapeHtml } from '../../../http/escapeHtml.ts'
import { inlineStyle } from '../../../http/inlineStyle.ts'
import { noticePage, noticePolicy } from '../../../http/noticePage.ts'
import { rawRoute, type Route } from '../../../http/route.ts'
import type { Services } from '../../../services.ts'
import { opennessOfRow } from '../present.ts'
import { requireInviteChannel, type InviteChannelRow } from '../queries.ts'
import { channelTokenOf } from './codes.ts'

/** WeChat draws its open tag in frames of these (Wechat_Open_Tag.html, notes on CSP). */
const wechatFrames = 'https://*.qq.com webcompt:'
/** Scripts and styles of the page are our own files; the style of the open tag's button alone stands in the page. */
const pagePolicy = [
  "default-src 'self'", `style-src 'self' ${inlineStyle(openTagStyle).source}`, "img-src 'self' https: data:", `frame-src ${wechatFrames}`,
  "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'self'",
].join('; ')

/** Where the built page leaves room for what is shown without scripts. */
const placeholder = '<!--invite-->'

const closedTitles: Readonly<Record<Exclude<ChannelOpenness, 'open'>, string>> = {
  used: '该邀请已被使用',
  expired: '该邀请已过期',
  revoked: '该邀请已停用',
  overQuota: '本次活动名额已满',
}

/** What the page shows before its script runs, and where none runs: the code, and what to do with it. */
function plainContent(row: InviteChannelRow, openness: ChannelOpenness, brandName: string): string {
  if (openness !== 'open') return `<h1>${closedTitles[openness]}</h1><p>请联系邀请您的员工重新获取邀请。</p>`
  const from = row.staff_name === null ? '' : `<p>${escapeHtml(row.staff_name)} 邀请您</p>`
  const code = `<img class="plain-code" src="/i/${row.token}/code.png" width="240" height="240" alt="入会二维码">`
  return `${from}<h1>${escapeHtml(`加入${brandName}会员`)}</h1>${code}<p>请用微信扫一扫，打开后即可入会</p>`
}

/**
 * The invite page of a token (R9). It is never cached, sends no referrer (the address is the token) and is kept out of indexes. An
 * unknown token has a page of its own.
 */
export function invitePageRoute({ env, db, now }: Pick<Services, 'env' | 'db' | 'now'>): Route {
  return rawRoute('GET', '/i/:token', async (ctx, params) => {
    ctx.set('cache-control', 'no-store')
    ctx.set('referrer-policy', 'no-referrer')
    ctx.set('x-robots-tag', 'noindex, nofollow')
    ctx.type = 'text/html; charset=utf-8'
    try {
      const row = await requireInviteChannel({ db }, channelTokenOf(params))
      const page = await readBuiltPage(env.sidebarDist, 'invite')
      ctx.set('content-security-policy', pagePolicy)
      ctx.body = page.replace(placeholder, () => plainContent(row, opennessOfRow(row, now()), env.brandName))
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'channel.notFound')) throw error
      ctx.status = 404
      ctx.set('content-security-policy', noticePolicy)
      ctx.body = noticePage({ pageTitle: `邀请 · ${env.brandName}`, title: '没有找到这份邀请', text: '链接可能不完整。请联系邀请您的员工重新发送。', action: null })
    }
  })
}
