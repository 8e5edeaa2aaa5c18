import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { EnvError, readEnv } from './env.ts'

const random = (bytes: number) => randomBytes(bytes).toString('base64url')
const good = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://member.example.com/',
  DATABASE_URL: 'postgres://qihui@db/qihui',
  WECOM_CORP_ID: 'ww5a1d0c3f7e9b2468',
  WECOM_AGENT_ID: '1000002',
  WECOM_AGENT_SECRET: random(32),
  WECOM_CALLBACK_TOKEN: 'Aq9dYw2LkPz7Rt5',
  WECOM_CALLBACK_AES_KEY: 'q7Xn2mVb9Lk4Ts8Rw1Yc6Hd3Jf5Gp0ZaEuIoQxNvBtM',
  WECHAT_MP_APPID: 'wx5a1d0c3f7e9b2468',
  WECHAT_MP_SECRET: random(16),
  SECURITY_FIELD_KEY: randomBytes(32).toString('base64'),
  SECURITY_INDEX_KEY: randomBytes(32).toString('base64'),
  INTEGRATION_API_KEY: random(32),
  ERASURE_LIST_DIR: '/var/lib/qihui/erasures',
  TRUSTED_PROXY_HOPS: '1',
}

function linesFor(settings: Record<string, string | undefined>): readonly string[] {
  try {
    readEnv(settings)
  } catch (error) {
    if (error instanceof EnvError) return error.lines
    throw error
  }
  return []
}

describe('readEnv', () => {
  it('takes a complete production setting', () => {
    expect(readEnv(good)).toMatchObject({ mode: 'production', port: 8080, host: '0.0.0.0', publicUrl: 'https://member.example.com', role: 'both' })
  })

  it('says one line for each missing setting', () => {
    const lines = linesFor({})
    expect(lines).toContain('WECOM_CORP_ID is missing')
    expect(lines).toContain('DATABASE_URL is missing')
    expect(lines).toHaveLength(12)
  })

  it.each([
    ['WECOM_AGENT_SECRET', 'secretsecretsecret'],
    ['WECHAT_MP_SECRET', 'aaaaaaaaaaaaaaaa'],
    ['INTEGRATION_API_KEY', 'changeme-changeme-changeme-changeme'],
    ['INTEGRATION_API_KEY', 'short'],
    ['SECURITY_FIELD_KEY', Buffer.alloc(32).toString('base64')],
    ['SECURITY_FIELD_KEY', 'bm90IDMyIGJ5dGVz'],
    ['SECURITY_INDEX_KEY', good.SECURITY_FIELD_KEY],
    ['PUBLIC_URL', 'http://member.example.com'],
    ['WECOM_API_BASE', 'http://127.0.0.1:3000/_vendor/qyapi'],
    ['WECOM_OPEN_BASE', 'http://127.0.0.1:3000/_vendor/open'],
    ['WECHAT_API_BASE', 'https://api.weixin.qq.com.example.com'],
    ['WECOM_CALLBACK_AES_KEY', 'too-short'],
    ['PORT', '70000'],
    ['ERASURE_LIST_DIR', ''],
    ['TRUSTED_PROXY_HOPS', '0'],
    ['TRIAL_CLOCK_FILE', '/var/lib/qihui/clock.txt'],
    ['DEPLOYMENT_REGION', 'eu-frankfurt'],
    ['EGRESS_REGIONS', 'sms.example.com'],
    ['SMTP_URL', 'smtp://mail.example.com'],
    ['SMS_API_KEY', 'a-key-without-an-address'],
    ['WECHAT_MP_ORIGINAL_ID', 'wx5a1d0c3f7e9b2468'],
  ])('refuses %s = %s in production with one line', (name, value) => {
    const lines = linesFor({ ...good, [name]: value })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(name.replace('SECURITY_INDEX_KEY', 'SECURITY_'))
  })

  it('never repeats a value, because values are secrets', () => {
    const secret = 'changeme-changeme-changeme-changeme'
    expect(linesFor({ ...good, INTEGRATION_API_KEY: secret, SECURITY_FIELD_KEY: secret }).join('\n')).not.toContain(secret)
  })

  it('sends SMS over HTTPS only, in production', () => {
    const sms = { SMS_API_KEY: 'a-key-of-the-provider' }
    const region = { EGRESS_REGIONS: 'sms.example.com=cn-mainland' }
    expect(linesFor({ ...good, ...sms, ...region, SMS_API_URL: 'http://sms.example.com' })).toEqual(['SMS_API_URL must start with https:// in production'])
    expect(linesFor({ ...good, ...sms, ...region, SMS_API_URL: 'https://sms.example.com' })).toEqual([])
  })

  it('reads the list of operators and forgives spaces', () => {
    expect([...readEnv({ ...good, OPERATOR_STAFF_USER_IDS: 'manager.wu, manager.xu,' }).operators]).toEqual(['manager.wu', 'manager.xu'])
    expect(readEnv(good).operators.size).toBe(0)
  })
})
