import { firstGrowthRules } from '@qihui/shared/growth'
import { miniProgramNamespace, unionIdNamespace } from '@qihui/server/src/modules/identity/namespaces.ts'
import type { Env } from '@qihui/server/src/env.ts'
import { CHANNEL_TOKEN, CONSENT_KIND, FORM_VERSION, POLICY_VERSION, sqlOpenId, sqlUnionId } from './benchDatabase.ts'
import { ceilingScript, sqlBytes, sqlNumber, sqlUuid } from './ceilingScript.ts'
import { insertRegistration } from './oneByOne.ts'

/** Layout of sealed values: version, nonce and tag are 29 bytes beside the content. */
const SEAL_BYTES = 29
const DATA_KEY_BYTES = SEAL_BYTES + 32
const PHONE_BYTES = SEAL_BYTES + 14

/** The registration statement for pgbench: the same rows of the same size for the visitors the fixtures prepared. */
export function registrationScript(env: Env): string {
  const text = (value: string) => `'${value}'::text`
  // Scattered like the product's, and without a repeat below 900 thousand million: the factor shares no divisor with the modulus.
  const memberNo = `(${sqlNumber('m')} * 387420489 % 899999999999 + 100000000000)::text`
  const openId = { namespace: text(miniProgramNamespace(env)), value: sqlOpenId }
  const unionId = { namespace: text(unionIdNamespace(env)), value: sqlUnionId }
  return ceilingScript(insertRegistration, [
    `'register' || chr(58) || ${sqlOpenId}`,
    `${sqlUuid('n', 7)}::text`,
    sqlBytes(32),
    'now()',
    openId.namespace,
    openId.value,
    `array[${unionId.namespace}, ${openId.namespace}]`,
    `array[${unionId.value}, ${openId.value}]`,
    text('code2Session'),
    `array[${sqlUuid('n', CONSENT_KIND)}]`,
    `array[${text(POLICY_VERSION)}]`,
    text(POLICY_VERSION),
    text(FORM_VERSION),
    text(CHANNEL_TOKEN),
    'null::uuid',
    sqlUuid('m', 1),
    sqlUuid('m', 2),
    memberNo,
    sqlBytes(DATA_KEY_BYTES),
    sqlBytes(PHONE_BYTES),
    `sha256(('phone' || ${sqlNumber('n')})::bytea)`,
    text('normal'),
    String(firstGrowthRules.registration),
    sqlUuid('m', 3),
    sqlUuid('m', 4),
    sqlUuid('m', 5),
    'array[]::text[]',
    'array[]::bytea[]',
    'null::text',
    'now()',
    'null::uuid',
    'null::jsonb',
    `array[${sqlUuid('m', 6)}]`,
    `array[${openId.namespace}]`,
    `array[${openId.value}]`,
    `array[${unionId.namespace}]`,
    `array[${unionId.value}]`,
    `array[${text('code2Session')}]`,
    `array[${text('strong')}]`,
    'null::uuid',
    'array[]::text[]',
  ])
}
