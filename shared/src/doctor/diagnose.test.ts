import { describe, expect, it } from 'vitest'
import { diagnose } from './diagnose.ts'
import type { DoctorFacts, EchoAnswer, Finding, Probe } from './types.ts'

const at = '2026-11-22T02:00:00.000Z'
const earlier = '2026-11-22T01:00:00.000Z'
const echo: EchoAnswer = { outcome: 'answered', status: 200, location: null, body: 'plain', expected: 'plain', elapsedMs: 40 }
const ok: Probe = { outcome: 'ok', value: null }

/** A set-up in which everything works. */
const healthy: DoctorFacts = {
  at,
  publicUrl: 'https://member.example.com',
  clockSkewMs: 300,
  wecomToken: ok,
  agent: { outcome: 'ok', value: { isClosed: false, visibleEntries: 3, trustedDomain: 'member.example.com' } },
  followStaff: { outcome: 'ok', value: 2 },
  corpTags: { outcome: 'ok', value: { tierTags: 3, foreignTierTags: 0 } },
  echo,
  lastCallbackAt: earlier,
  callbackRefusals: {},
  wechatContacts: { total: 10, withUnionId: 9 },
  miniProgramLogins: { total: 10, withUnionId: 10 },
  miniProgramToken: ok,
  officialAccountToken: ok,
  phoneQuotaRefusal: null,
  mail: ok,
  sms: ok,
}

const refused = (cause: 'badId' | 'badSecret' | 'secretFrozen' | 'ipNotTrusted' | 'wrongAgent' | 'notCallable' | 'rightWithdrawn' | 'rateLimited' | 'other', errcode: number, callerIp: string | null = null) =>
  ({ outcome: 'refused', cause, errcode, callerIp }) as const
const noToken = { agent: null, followStaff: null, corpTags: null }

function findingOf(facts: Partial<DoctorFacts>, key: string): Finding {
  const found = diagnose({ ...healthy, ...facts }).find((finding) => finding.key === key)
  if (found === undefined) throw new Error(`no finding ${key}`)
  return found
}

describe('a diagnosis', () => {
  it('finds nothing wrong with a set-up that works, and asks for the hand checks', () => {
    const findings = diagnose(healthy)
    expect(findings.filter(({ outcome }) => outcome !== 'ok').map(({ key, outcome }) => [key, outcome])).toEqual([
      ['phoneQuota', 'byHand'],
      ['toolbar', 'byHand'],
      ['mpDomain', 'byHand'],
      ['watermark', 'byHand'],
    ])
  })

  it('goes through the set-up in the order in which it has to be mended', () => {
    expect(diagnose(healthy).map(({ key }) => key)).toEqual([
      'corpId', 'agentSecret', 'trustedIp', 'agent', 'visibility', 'callableApps', 'contactRight', 'trustedDomain', 'tagOwnership',
      'callbackUrl', 'callbackPushes', 'clock', 'developerId', 'miniProgramSecret', 'openPlatform', 'phoneQuota', 'officialAccountSecret', 'mail', 'sms', 'toolbar', 'mpDomain', 'watermark',
    ])
  })

  // One line per pain people report of such set-ups (users-and-peers, section C; the number in front is its number there).
  it.each<readonly [string, Partial<DoctorFacts>, string, RegExp, RegExp]>([
    ['4 a corp id that is not one', { wecomToken: refused('badId', 40013), ...noToken }, 'corpId', /不认得/, /WECOM_CORP_ID/],
    ['4 a wrong secret', { wecomToken: refused('badSecret', 40001), ...noToken }, 'agentSecret', /Secret 不正确/, /WECOM_AGENT_SECRET/],
    ['19 an address outside the trusted list', { agent: refused('ipNotTrusted', 60020, '203.0.113.9') }, 'trustedIp', /203\.0\.113\.9/, /把 203\.0\.113\.9 加入名单/],
    ['19 the same at the token call', { wecomToken: refused('ipNotTrusted', 60020, '203.0.113.9'), ...noToken }, 'trustedIp', /203\.0\.113\.9/, /可信域名或接收消息服务器/],
    ['48 agent id and secret of two apps', { agent: refused('wrongAgent', 301002) }, 'agent', /不属于同一个应用/, /同一个自建应用/],
    ['a stopped app', { agent: { outcome: 'ok', value: { isClosed: true, visibleEntries: 1, trustedDomain: 'member.example.com' } } }, 'agent', /停用/, /启用/],
    ['20 an app nobody sees', { agent: { outcome: 'ok', value: { isClosed: false, visibleEntries: 0, trustedDomain: 'member.example.com' } } }, 'visibility', /可见范围为空/, /加入可见范围/],
    ['3 an app that may not read customers', { followStaff: refused('notCallable', 48002) }, 'callableApps', /48002/, /勾选本应用/],
    ['a right that was withdrawn', { followStaff: refused('rightWithdrawn', 48006) }, 'callableApps', /48006/, /重新勾选/],
    ['3 staff without the right to serve customers', { followStaff: { outcome: 'ok', value: 0 } }, 'contactRight', /没有成员/, /使用范围/],
    ['6 no trusted domain', { agent: { outcome: 'ok', value: { isClosed: false, visibleEntries: 1, trustedDomain: '' } } }, 'trustedDomain', /还没有设置/, /member\.example\.com/],
    ['23 another trusted domain', { agent: { outcome: 'ok', value: { isClosed: false, visibleEntries: 1, trustedDomain: 'www.example.com' } } }, 'trustedDomain', /www\.example\.com/, /invalid signature/],
    ['7 a redirect that adds a slash', { echo: { ...echo, status: 307, location: 'https://member.example.com/callbacks/wecom/' } }, 'callbackUrl', /重定向（HTTP 307）/, /末尾斜杠/],
    ['7 a redirect to https', { echo: { ...echo, status: 301, location: 'https://member.example.com/callbacks/wecom' } }, 'callbackUrl', /HTTP 301/, /https:\/\//],
    ['7 a port nobody listens on', { echo: { outcome: 'silent', cause: 'refused' } }, 'callbackUrl', /连接被拒绝/, /端口/],
    ['7 a path the proxy does not know', { echo: { ...echo, status: 404 } }, 'callbackUrl', /404/, /原样转发/],
    ['8 an answer in quotes', { echo: { ...echo, body: '"plain"' } }, 'callbackUrl', /引号/, /纯文本/],
    ['8 an answer with a BOM', { echo: { ...echo, body: '\uFEFFplain' } }, 'callbackUrl', /BOM/, /改写/],
    ['8 an answer with a newline', { echo: { ...echo, body: 'plain\n' } }, 'callbackUrl', /换行/, /改写/],
    ['7 a front end that answers instead', { echo: { ...echo, body: '<!DOCTYPE html><title>' } }, 'callbackUrl', /网页/, /前端站点/],
    ['12 an answer that comes too late', { echo: { ...echo, elapsedMs: 1000 } }, 'callbackUrl', /1000 毫秒/, /负载/],
    ['7 a certificate that is not trusted', { echo: { outcome: 'silent', cause: 'tls' } }, 'callbackUrl', /证书/, /证书链/],
    ['9 somebody opening the address by hand', { lastCallbackAt: null, callbackRefusals: { unsigned: { count: 1, lastAt: earlier } } }, 'callbackPushes', /没有签名/, /外部联系人变更回调/],
    ['7 a token that differs', { lastCallbackAt: null, callbackRefusals: { signature: { count: 3, lastAt: earlier } } }, 'callbackPushes', /签名不符（3 次）/, /WECOM_CALLBACK_TOKEN/],
    ['11 an AES key that differs', { lastCallbackAt: null, callbackRefusals: { undecryptable: { count: 1, lastAt: earlier } } }, 'callbackPushes', /解密失败/, /43 位/],
    ['10 a receiver that is another corp', { lastCallbackAt: null, callbackRefusals: { receiver: { count: 1, lastAt: earlier } } }, 'callbackPushes', /不是本企业/, /-40005/],
    ['5 a clock that lags', { clockSkewMs: 400_000 }, 'clock', /慢了 400 秒/, /NTP/],
    ['27 a mini-program without open platform', { miniProgramLogins: { total: 4, withUnionId: 0 } }, 'openPlatform', /4 人都没有 unionid/, /开放平台/],
    ['30 no developer id bound', { wechatContacts: { total: 8, withUnionId: 0 } }, 'developerId', /8 人都没有 unionid/, /微信开发者 ID/],
    ['48 a tier tag deleted by hand', { corpTags: { outcome: 'ok', value: { tierTags: 3, foreignTierTags: 1 } } }, 'tagOwnership', /1 个等级标签/, /立即核对/],
    ['a wrong mini-program secret', { miniProgramToken: refused('badSecret', 40125) }, 'miniProgramSecret', /40125/, /WECHAT_MP_SECRET/],
    ['a frozen secret', { miniProgramToken: refused('secretFrozen', 40243) }, 'miniProgramSecret', /冻结/, /解冻/],
    ['an address outside the white list', { miniProgramToken: refused('ipNotTrusted', 40164, '203.0.113.9') }, 'miniProgramSecret', /203\.0\.113\.9/, /白名单/],
    ['36 no phone checks left', { phoneQuotaRefusal: { count: 2, lastAt: earlier } }, 'phoneQuota', /2 次/, /购买/],
    ['a mail server that refuses the login', { mail: refused('badSecret', 535) }, 'mail', /拒绝登录/, /SMTP_URL/],
    ['an SMS door nobody answers', { sms: { outcome: 'silent', cause: 'dns' } }, 'sms', /域名解析失败/, /DNS/],
  ])('names %s', (_pain, facts, key, detail, remedy) => {
    const found = findingOf(facts, key)
    expect(found.outcome).toMatch(/failed|waiting/)
    expect(found.detail).toMatch(detail)
    expect(found.remedy).toMatch(remedy)
  })

  it('skips what depends on something broken instead of guessing', () => {
    const findings = diagnose({ ...healthy, wecomToken: refused('badId', 40013), ...noToken })
    expect(findings.filter(({ outcome }) => outcome === 'skipped').map(({ key }) => key)).toEqual(['agentSecret', 'trustedIp', 'agent', 'visibility', 'callableApps', 'contactRight', 'trustedDomain', 'tagOwnership'])
    expect(findings.filter(({ outcome }) => outcome === 'failed').map(({ key }) => key)).toEqual(['corpId'])
  })

  it('calls a silent vendor silent, not misconfigured', () => {
    expect(findingOf({ wecomToken: { outcome: 'silent', cause: 'timeout' }, ...noToken }, 'corpId')).toMatchObject({ outcome: 'failed', detail: expect.stringMatching(/5 秒内没有应答/), where: null })
    expect(findingOf({ followStaff: refused('rateLimited', 45009) }, 'callableApps').outcome).toBe('waiting')
  })

  it('forgets refused pushes once later ones were accepted, or after a day', () => {
    expect(findingOf({ callbackRefusals: { signature: { count: 9, lastAt: '2026-11-22T00:59:59.000Z' } } }, 'callbackPushes').outcome).toBe('ok')
    expect(findingOf({ callbackRefusals: { signature: { count: 9, lastAt: '2026-11-22T01:00:00.001Z' } } }, 'callbackPushes').outcome).toBe('failed')
    expect(findingOf({ lastCallbackAt: null, callbackRefusals: { signature: { count: 9, lastAt: '2026-11-21T02:00:00.000Z' } } }, 'callbackPushes').outcome).toBe('waiting')
    expect(findingOf({ phoneQuotaRefusal: { count: 2, lastAt: '2026-11-21T02:00:00.000Z' } }, 'phoneQuota').outcome).toBe('byHand')
  })

  it('takes a minute of clock difference as the edge, both ways', () => {
    expect(['ok', 'failed']).toEqual([59_999, 60_000].map((clockSkewMs) => findingOf({ clockSkewMs }, 'clock').outcome))
    expect(findingOf({ clockSkewMs: -60_000 }, 'clock').detail).toMatch(/快了 60 秒/)
    expect(findingOf({ clockSkewMs: null }, 'clock').outcome).toBe('skipped')
  })

  it('names the page to change for every setting that is changed in a console', () => {
    const broken = diagnose({ ...healthy, agent: { outcome: 'ok', value: { isClosed: true, visibleEntries: 0, trustedDomain: '' } }, followStaff: refused('notCallable', 48002), lastCallbackAt: null, wechatContacts: { total: 1, withUnionId: 0 }, miniProgramToken: refused('badId', 40013), officialAccountToken: refused('badSecret', 40125) })
    const wrong = broken.filter(({ outcome }) => outcome === 'failed')
    expect(wrong.length).toBeGreaterThan(5)
    for (const { key, where } of wrong) expect(where, key).toMatch(/→/)
  })

  it('says nothing of an official account that is not set up, and that unset outlets stay silent', () => {
    expect(diagnose({ ...healthy, officialAccountToken: null }).some(({ key }) => key === 'officialAccountSecret')).toBe(false)
    expect(findingOf({ mail: null }, 'mail').outcome).toBe('byHand')
  })
})
