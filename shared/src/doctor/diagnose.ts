import { callbackFindings } from './callbackFindings.ts'
import { finding, silence, type Line } from './finding.ts'
import { places } from './places.ts'
import type { DoctorFacts, Finding, Probe } from './types.ts'
import { wechatFindings } from './wechatFindings.ts'
import { wecomFindings } from './wecomFindings.ts'

const mail: Line = { key: 'mail', title: '邮件服务器' }
const sms: Line = { key: 'sms', title: '短信服务' }

function outletFinding(line: Line, probe: Probe | null, settings: string): Finding {
  if (probe === null) return finding(line, 'byHand', '没有设置，相关消息不会发送', `需要时设置 ${settings}`)
  if (probe.outcome === 'silent') return silence(line, line.title, probe.cause)
  if (probe.outcome === 'refused') return finding(line, 'failed', `${line.title}拒绝登录`, `检查 ${settings} 中的账号与密码`)
  return finding(line, 'ok', '可以连接')
}

/** What no interface tells: somebody looks once, after the set-up. */
const handChecks: readonly Finding[] = [
  finding({ key: 'toolbar', title: '聊天工具栏' }, 'byHand', '无法通过接口查询', '把 PUBLIC_URL 下的 /sidebar/ 配置到聊天工具栏', places.toolbar),
  finding({ key: 'mpDomain', title: '小程序服务器域名' }, 'byHand', '无法通过接口查询', '把系统域名加入 request 合法域名', places.mpDomain),
  finding({ key: 'watermark', title: '通讯录与客户资料水印' }, 'byHand', '无法通过接口查询', '开启水印，截图可追溯到人', places.watermark),
]

/**
 * Names the cause of what does not work, in the order in which a set-up has to be mended (R21, R30, R32).
 * A finding that failed says what to change and on which page; what depends on it is skipped, not guessed.
 */
export function diagnose(facts: DoctorFacts): Finding[] {
  return [
    ...wecomFindings(facts),
    ...callbackFindings(facts),
    ...wechatFindings(facts),
    outletFinding(mail, facts.mail, 'SMTP_URL 与 MAIL_FROM'),
    outletFinding(sms, facts.sms, 'SMS_API_URL 与 SMS_API_KEY'),
    ...handChecks,
  ]
}
