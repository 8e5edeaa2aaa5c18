import { finding, silence, type Line } from './finding.ts'
import { places } from './places.ts'
import type { CallbackRefusalReason, DoctorFacts, EchoAnswer, Finding, Sighting } from './types.ts'

const address: Line = { key: 'callbackUrl', title: '回调地址（经公网往返）' }
const pushes: Line = { key: 'callbackPushes', title: '企业微信的推送' }
const clock: Line = { key: 'clock', title: '服务器时间' }

/** WeCom gives the address check one second (platform 7.1). */
const echoLimitMs = 1000
/** Signatures are refused beyond five minutes; a minute is already wrong. */
const clockLimitMs = 60_000
/** A refusal older than this, with accepted pushes since, is history. */
const refusalMemoryMs = 24 * 60 * 60_000
const byteOrderMark = '\uFEFF'

function failed(detail: string, remedy: string): Finding {
  return finding(address, 'failed', detail, remedy)
}

function redirected(status: number, location: string): Finding {
  const isSlash = location.endsWith('/callbacks/wecom/')
  return failed(`被重定向（HTTP ${status}）到 ${location}`, isSlash ? '去掉反向代理补末尾斜杠的规则：企业微信不跟随重定向' : '让反向代理把 /callbacks/wecom 直接转发到服务器；若在强制跳转 HTTPS，请把 PUBLIC_URL 与后台的回调地址都写成 https://')
}

const statusRemedies: Readonly<Record<number, readonly [string, string]>> = {
  403: ['被拒绝（HTTP 403）', '检查反向代理与防火墙（WAF）规则，放行 /callbacks/wecom；若应答来自本系统，说明 Token 或 EncodingAESKey 与正在运行的进程不一致，请重启服务'],
  404: ['找不到地址（HTTP 404）', '让反向代理把 /callbacks/wecom 原样转发，不要改写路径'],
  405: ['不接受 GET（HTTP 405）', '让反向代理同时放行 GET 与 POST'],
  502: ['反向代理连不上服务器（HTTP 502）', '检查服务是否在运行，以及代理指向的端口'],
  503: ['服务暂不可用（HTTP 503）', '检查数据库连接与服务日志'],
  504: ['反向代理等待超时（HTTP 504）', '检查服务是否在运行，以及代理指向的端口'],
}

/** An answer that is nearly right: the platform compares every byte. */
function wrongBody(body: string, expected: string): Finding {
  if (body.startsWith(byteOrderMark) && body.slice(1).trim() === expected) return failed('应答前多了一个 BOM 字符', '去掉代理或网关对应答内容的改写')
  if (body.trim() === JSON.stringify(expected)) return failed('应答被加上了引号', '去掉网关的 JSON 包装：应答必须是纯文本')
  if (body.trim() === expected) return failed('应答前后多了空白或换行', '去掉代理或网关对应答内容的改写')
  if (/<html|<!doctype/i.test(body)) return failed('应答是一个网页，不是本系统', '让反向代理把 /callbacks/wecom 转发到服务器，而不是前端站点；若是登录页，请对该路径免登录')
  return failed('应答内容不正确', '确认 PUBLIC_URL 指向的就是本系统，中间没有缓存或改写应答的网关')
}

function echoFinding(echo: EchoAnswer, publicUrl: string): Finding {
  if (echo.outcome === 'silent') return silence(address, `从服务器访问 ${publicUrl}`, echo.cause)
  const { status, location, body, expected, elapsedMs } = echo
  if (location !== null) return redirected(status, location)
  if (status !== 200) {
    const [seen, remedy] = statusRemedies[status] ?? [`应答异常（HTTP ${status}）`, '查看服务日志中同一时刻的记录']
    return failed(seen, remedy)
  }
  if (body !== expected) return wrongBody(body, expected)
  if (elapsedMs >= echoLimitMs) return failed(`应答用了 ${elapsedMs} 毫秒，企业微信只等 1 秒`, '检查网络、代理与服务器负载')
  return finding(address, 'ok', '签名、解密与明文应答都正确')
}

const reasonWords: Readonly<Record<CallbackRefusalReason, readonly [string, string]>> = {
  signature: ['签名不符', 'WECOM_CALLBACK_TOKEN 与后台填写的 Token 不一致：两边改为同一个值，重启服务后在后台重新保存'],
  undecryptable: ['解密失败', 'WECOM_CALLBACK_AES_KEY 与后台填写的 EncodingAESKey 不一致（应为 43 位）：两边改为同一个值，重启服务后在后台重新保存'],
  receiver: ['接收方不是本企业', '回调来自另一个企业或服务商应用（报错 -40005）：确认 WECOM_CORP_ID，并只在本企业的自建应用里填写这个地址'],
  clock: ['时间戳相差超过 5 分钟', '校准服务器时间（启用 NTP）'],
  unsigned: ['请求没有签名', '多半是有人用浏览器直接打开了回调地址，可以忽略；若持续出现，检查代理是否丢掉了网址中的参数'],
  malformed: ['内容不是企业微信的 XML', '检查代理是否改写了请求体；后台的接收格式请选 XML'],
}
const seriousReasons: readonly CallbackRefusalReason[] = ['signature', 'undecryptable', 'receiver', 'clock', 'malformed']

function isOpen(sighting: Sighting | undefined, { at, lastCallbackAt }: DoctorFacts): boolean {
  if (sighting === undefined) return false
  const isRecent = Date.parse(at) - Date.parse(sighting.lastAt) < refusalMemoryMs
  return isRecent && (lastCallbackAt === null || sighting.lastAt > lastCallbackAt)
}

/** Pushes that came and were turned away say more than silence does. */
function pushFinding(facts: DoctorFacts): Finding {
  const reason = seriousReasons.find((candidate) => isOpen(facts.callbackRefusals[candidate], facts))
  if (reason !== undefined) {
    const [seen, remedy] = reasonWords[reason]
    return finding(pushes, 'failed', `收到过推送但被拒绝：${seen}（${facts.callbackRefusals[reason]?.count ?? 0} 次）`, remedy, places.callback)
  }
  if (facts.lastCallbackAt !== null) return finding(pushes, 'ok', '已收到并接受企业微信的推送')
  const hint = isOpen(facts.callbackRefusals.unsigned, facts) ? '；只收到过没有签名的请求' : ''
  return finding(pushes, 'waiting', `还没有收到过推送${hint}`, `在后台填写回调地址 ${facts.publicUrl}/callbacks/wecom、Token 与 EncodingAESKey，并勾选「外部联系人变更回调」`, places.callback)
}

function clockFinding(skewMs: number | null): Finding {
  if (skewMs === null) return finding(clock, 'skipped', '没有可比对的时间')
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  if (Math.abs(skewMs) < clockLimitMs) return finding(clock, 'ok', `与企业微信相差 ${seconds} 秒`)
  return finding(clock, 'failed', `服务器时间${skewMs > 0 ? '慢' : '快'}了 ${seconds} 秒`, '启用 NTP 校时：相差超过 5 分钟，回调与签名都会被拒绝')
}

/** What WeCom sends to us: the way there, what came, and the clock that both sides sign with. */
export function callbackFindings(facts: DoctorFacts): Finding[] {
  return [echoFinding(facts.echo, facts.publicUrl), pushFinding(facts), clockFinding(facts.clockSkewMs)]
}
