import { commonTrouble, finding, otherRefusal, skipped, type Line } from './finding.ts'
import { places } from './places.ts'
import type { DoctorFacts, Finding, Probe } from './types.ts'

const target = '企业微信'
const corpId: Line = { key: 'corpId', title: '企业 ID' }
const agentSecret: Line = { key: 'agentSecret', title: '应用 Secret' }
const trustedIp: Line = { key: 'trustedIp', title: '企业可信 IP' }
const agent: Line = { key: 'agent', title: '应用 AgentId 与状态' }
const visibility: Line = { key: 'visibility', title: '应用可见范围' }
const callableApps: Line = { key: 'callableApps', title: '客户联系接口的可调用应用' }
const contactRight: Line = { key: 'contactRight', title: '成员的客户联系权限' }
const trustedDomain: Line = { key: 'trustedDomain', title: '网页授权与 JS-SDK 可信域名' }
const tagOwnership: Line = { key: 'tagOwnership', title: '会员等级标签' }

/** Id and secret are proved by one call: its refusal says which of them is wrong. */
function credentialFindings(token: Probe): Finding[] {
  const trouble = commonTrouble(corpId, target, token)
  if (trouble !== null) return [trouble, skipped(agentSecret, corpId.title)]
  if (token.outcome !== 'refused' || token.cause === 'ipNotTrusted') {
    return [finding(corpId, 'ok', '企业微信认得这个企业 ID'), finding(agentSecret, 'ok', '可以换取 access_token')]
  }
  if (token.cause === 'badId') {
    return [finding(corpId, 'failed', `企业微信不认得这个企业 ID（错误码 ${token.errcode}）`, '把 WECOM_CORP_ID 改为「企业信息」页底部的企业 ID，以 ww 开头', places.corpInfo), skipped(agentSecret, corpId.title)]
  }
  if (token.cause === 'badSecret') {
    return [finding(corpId, 'ok', '企业微信认得这个企业 ID'), finding(agentSecret, 'failed', `Secret 不正确（错误码 ${token.errcode}）`, '在本应用详情页重新查看 Secret，填入 WECOM_AGENT_SECRET；不要用「客户联系」或「通讯录同步」的 Secret', places.agent)]
  }
  return [finding(corpId, 'ok', '企业微信认得这个企业 ID'), otherRefusal(agentSecret, target, token)]
}

/** The first call with a token meets the list of addresses. */
function addressOf(facts: DoctorFacts): Finding | null {
  for (const probe of [facts.wecomToken, facts.agent, facts.followStaff, facts.corpTags]) {
    if (probe?.outcome !== 'refused' || probe.cause !== 'ipNotTrusted') continue
    const ip = probe.callerIp
    return finding(trustedIp, 'failed', ip === null ? '服务器的出口 IP 不在可信名单中' : `服务器的出口 IP ${ip} 不在可信名单中（错误码 ${probe.errcode}）`, ip === null ? '查询服务器的出口 IP 并加入名单；须先设置可信域名或接收消息服务器，名单才能编辑' : `把 ${ip} 加入名单；须先设置可信域名或接收消息服务器，名单才能编辑`, places.trustedIp)
  }
  return null
}

function agentFindings(probe: DoctorFacts['agent'], publicUrl: string): Finding[] {
  const others = [visibility, trustedDomain]
  if (probe === null) return [agent, ...others].map((line) => skipped(line, agentSecret.title))
  const trouble = commonTrouble(agent, target, probe)
  if (trouble !== null) return [trouble, ...others.map((line) => skipped(line, agent.title))]
  if (probe.outcome !== 'ok') {
    const isForeign = probe.outcome === 'refused' && probe.cause === 'wrongAgent'
    const first = isForeign ? finding(agent, 'failed', 'WECOM_AGENT_ID 与 WECOM_AGENT_SECRET 不属于同一个应用（错误码 301002）', '两项都取自同一个自建应用的详情页', places.agent) : otherRefusal(agent, target, probe)
    return [first, ...others.map((line) => skipped(line, agent.title))]
  }
  const { isClosed, visibleEntries, trustedDomain: entered } = probe.value
  const wanted = hostOf(publicUrl)
  return [
    isClosed ? finding(agent, 'failed', '应用已被停用', '在应用详情页重新启用', places.agent) : finding(agent, 'ok', '应用已启用'),
    visibleEntries === 0 ? finding(visibility, 'failed', '可见范围为空，没有成员能打开侧边栏', '把使用侧边栏的成员或部门加入可见范围', places.visibility) : finding(visibility, 'ok', `可见范围中有 ${visibleEntries} 个成员、部门或标签`),
    domainFinding(entered, wanted),
  ]
}

/** Host and port of an address, or of what somebody entered as one. */
function hostOf(address: string): string {
  return address.trim().replace(/^https?:\/\//, '').replace(/\/.*$/, '').toLowerCase()
}

/** A domain counts with its port and without its scheme; one entered without a port covers the default ones. */
function domainFinding(entered: string, wanted: string): Finding {
  const known = hostOf(entered)
  if (known === wanted) return finding(trustedDomain, 'ok', `可信域名为 ${wanted}`)
  const seen = known === '' ? '还没有设置可信域名' : `可信域名是 ${known}，而系统地址是 ${wanted}`
  return finding(trustedDomain, 'failed', seen, `把 ${wanted} 设为可信域名，并完成域名归属校验；侧边栏报 invalid signature 或 50001 多半是这个原因`, places.trustedDomain)
}

function contactFindings(probe: DoctorFacts['followStaff']): Finding[] {
  if (probe === null) return [callableApps, contactRight].map((line) => skipped(line, agentSecret.title))
  const trouble = commonTrouble(callableApps, target, probe)
  if (trouble !== null) return [trouble, skipped(contactRight, callableApps.title)]
  if (probe.outcome !== 'ok') {
    const isClosed = probe.outcome === 'refused' && (probe.cause === 'notCallable' || probe.cause === 'rightWithdrawn')
    const first = isClosed ? finding(callableApps, 'failed', `本应用不能调用客户联系接口（错误码 ${probe.errcode}）`, '勾选本应用并保存；接口长期未用被收回时，重新勾选即可', places.contactApi) : otherRefusal(callableApps, target, probe)
    return [first, skipped(contactRight, callableApps.title)]
  }
  const count = probe.value
  return [
    finding(callableApps, 'ok', '可以读取客户联系数据'),
    count === 0 ? finding(contactRight, 'failed', '可见范围内没有成员拥有客户联系权限，收不到任何客户', '把服务客户的成员加入客户联系的使用范围', places.contactRight) : finding(contactRight, 'ok', `${count} 名成员可以服务客户`),
  ]
}

function tagFinding(probe: DoctorFacts['corpTags']): Finding {
  if (probe === null) return skipped(tagOwnership, agentSecret.title)
  const trouble = commonTrouble(tagOwnership, target, probe)
  if (trouble !== null) return trouble
  if (probe.outcome !== 'ok') return otherRefusal(tagOwnership, target, probe)
  const { tierTags, foreignTierTags } = probe.value
  if (foreignTierTags > 0) return finding(tagOwnership, 'failed', `有 ${foreignTierTags} 个等级标签在企业微信中已不存在`, '等待下一次核对自动重建，或在「等级标签」页立即核对；应用只能修改自己创建的标签，请勿在后台手工建立同名标签组', places.tags)
  if (tierTags === 0) return finding(tagOwnership, 'waiting', '等级标签还没有建立，第一位会员的标签写入时会自动建立')
  return finding(tagOwnership, 'ok', `${tierTags} 个等级标签由本应用管理`)
}

/** WeCom's side, in the order in which things have to work. */
export function wecomFindings(facts: DoctorFacts): Finding[] {
  const credentials = credentialFindings(facts.wecomToken)
  const address = addressOf(facts)
  if (address !== null) return [...credentials, address, ...[agent, visibility, trustedDomain, callableApps, contactRight, tagOwnership].map((line) => skipped(line, trustedIp.title))]
  const reached = facts.agent?.outcome === 'ok' ? finding(trustedIp, 'ok', '企业微信接受服务器的出口 IP') : skipped(trustedIp, agentSecret.title)
  const [agentFinding, visibilityFinding, domain] = agentFindings(facts.agent, facts.publicUrl)
  const firstHalf = [agentFinding, visibilityFinding].filter((line) => line !== undefined)
  return [...credentials, reached, ...firstHalf, ...contactFindings(facts.followStaff), ...(domain ? [domain] : []), tagFinding(facts.corpTags)]
}
