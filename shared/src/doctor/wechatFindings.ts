import { commonTrouble, finding, otherRefusal, type Line } from './finding.ts'
import { places } from './places.ts'
import type { DoctorFacts, Finding, Probe } from './types.ts'

const developerId: Line = { key: 'developerId', title: '绑定微信开发者 ID（客户的 unionid）' }
const openPlatform: Line = { key: 'openPlatform', title: '小程序绑定微信开放平台' }
const miniProgram: Line = { key: 'miniProgramSecret', title: '小程序 AppID 与密钥' }
const officialAccount: Line = { key: 'officialAccountSecret', title: '服务号 AppID 与密钥' }
const phoneQuota: Line = { key: 'phoneQuota', title: '手机号验证次数' }
/** Quota is bought in a minute; a day later the refusal says nothing any more. */
const quotaMemoryMs = 24 * 60 * 60_000

function tokenFinding(line: Line, probe: Probe, settings: readonly [id: string, secret: string], where: string): Finding {
  const trouble = commonTrouble(line, '微信', probe)
  if (trouble !== null) return trouble
  if (probe.outcome === 'ok') return finding(line, 'ok', '可以换取 access_token')
  const code = probe.outcome === 'refused' ? `（错误码 ${probe.errcode}）` : ''
  const cause = probe.outcome === 'refused' ? probe.cause : null
  if (cause === 'badId') return finding(line, 'failed', `AppID 不正确${code}`, `检查 ${settings[0]}`, where)
  if (cause === 'badSecret') return finding(line, 'failed', `AppSecret 不正确${code}`, `检查 ${settings[1]}；重置密钥后旧密钥立即失效`, where)
  if (cause === 'secretFrozen') return finding(line, 'failed', `AppSecret 已被冻结${code}`, '在公众平台解冻后重试', where)
  if (cause === 'ipNotTrusted' && probe.outcome === 'refused') {
    const ip = probe.callerIp ?? '服务器的出口 IP'
    return finding(line, 'failed', `${ip} 不在 IP 白名单中${code}`, `把 ${ip} 加入白名单`, line === miniProgram ? places.mpIp : where)
  }
  return otherRefusal(line, '微信', probe)
}

/** Without a unionid on either side nobody is recognised; a few without one are normal. */
function unionIdFinding(line: Line, { total, withUnionId }: { readonly total: number; readonly withUnionId: number }, words: { readonly none: string; readonly remedy: string; readonly where: string }): Finding {
  if (total === 0) return finding(line, 'waiting', words.none)
  if (withUnionId > 0) return finding(line, 'ok', `${total} 人中有 ${withUnionId} 人带有 unionid`)
  return finding(line, 'failed', `${total} 人都没有 unionid，系统无法自动认出同一个人`, words.remedy, words.where)
}

function quotaFinding({ phoneQuotaRefusal, at }: DoctorFacts): Finding {
  if (phoneQuotaRefusal !== null && Date.parse(at) - Date.parse(phoneQuotaRefusal.lastAt) < quotaMemoryMs) {
    return finding(phoneQuota, 'failed', `24 小时内有 ${phoneQuotaRefusal.count} 次因次数用完而失败`, '购买手机号快速验证次数（每次成功验证计费）；期间可改用短信验证码', places.phoneQuota)
  }
  return finding(phoneQuota, 'byHand', '微信没有提供查询剩余次数的接口；近 24 小时没有因次数用完而失败', '定期查看剩余次数，在用完之前购买', places.phoneQuota)
}

/** WeChat's side: who the customer is, and what the mini-program may do. */
export function wechatFindings(facts: DoctorFacts): Finding[] {
  const contacts = { none: '还没有同步到微信客户，添加一位客户后再检查', remedy: '由企业微信超级管理员绑定与小程序同主体的微信开发者 ID', where: places.developerId }
  const logins = { none: '近 30 天没有人打开小程序，打开一次后再检查', remedy: '把小程序绑定到微信开放平台账号，并与服务号绑定同一个账号', where: places.openPlatform }
  return [
    unionIdFinding(developerId, facts.wechatContacts, contacts),
    tokenFinding(miniProgram, facts.miniProgramToken, ['WECHAT_MP_APPID', 'WECHAT_MP_SECRET'], places.mpSecret),
    unionIdFinding(openPlatform, facts.miniProgramLogins, logins),
    quotaFinding(facts),
    ...(facts.officialAccountToken === null ? [] : [tokenFinding(officialAccount, facts.officialAccountToken, ['WECHAT_OA_APPID', 'WECHAT_OA_SECRET'], places.oaSecret)]),
  ]
}
