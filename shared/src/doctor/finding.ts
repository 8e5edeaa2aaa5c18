import type { Finding, FindingOutcome, Probe, SilenceCause } from './types.ts'

/** Which line of the diagnosis a finding is. */
export interface Line {
  readonly key: string
  readonly title: string
}

export function finding(line: Line, outcome: FindingOutcome, detail: string, remedy: string | null = null, where: string | null = null): Finding {
  return { ...line, outcome, detail, remedy, where }
}

/** What cannot be looked at before something else is mended. */
export function skipped(line: Line, before: string): Finding {
  return finding(line, 'skipped', `先解决「${before}」，再检查这一项`)
}

const silences: Readonly<Record<SilenceCause, { readonly seen: string; readonly remedy: string }>> = {
  dns: { seen: '域名解析失败', remedy: '检查服务器的 DNS 设置与域名拼写' },
  refused: { seen: '连接被拒绝', remedy: '检查地址与端口，以及防火墙、安全组的出站规则' },
  tls: { seen: 'HTTPS 证书校验失败', remedy: '检查证书是否过期、域名是否匹配、证书链是否完整，以及服务器时间' },
  timeout: { seen: '5 秒内没有应答', remedy: '检查网络与防火墙，确认服务器可以访问该地址' },
  strange: { seen: '应答不是预期的格式，可能被代理或登录页拦截', remedy: '检查出站代理与网络认证，确认请求直达对方服务器' },
  network: { seen: '网络连接中断', remedy: '检查服务器网络后重试' },
}

/** A target that gave no answer. @param target who was asked, as a person names it */
export function silence(line: Line, target: string, cause: SilenceCause): Finding {
  return finding(line, 'failed', `${target}：${silences[cause].seen}`, silences[cause].remedy)
}

/** What every call can meet and no single check is about; null when the probe is not one of these. */
export function commonTrouble(line: Line, target: string, probe: Probe<unknown>): Finding | null {
  if (probe.outcome === 'silent') return silence(line, target, probe.cause)
  if (probe.outcome === 'refused' && probe.cause === 'rateLimited') return finding(line, 'waiting', `${target}的调用次数暂时用完（错误码 ${probe.errcode}）`, '几分钟后重新检查')
  return null
}

/** A refusal no check has words of its own for. */
export function otherRefusal(line: Line, target: string, probe: Probe<unknown>): Finding {
  const code = probe.outcome === 'refused' ? `（错误码 ${probe.errcode}）` : ''
  return finding(line, 'failed', `${target}拒绝了请求${code}`, '按错误码在官方文档中查找原因，或把本页结果发给技术支持')
}
