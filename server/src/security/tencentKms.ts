import { CommonClient } from 'tencentcloud-sdk-nodejs-common'
import * as v from 'valibot'
import type { KeyService } from './keyService.ts'

/** Version of the KMS API (cloud.tencent.com/document/product/573, read 2026-11-22). */
const apiVersion = '2019-01-18'
const timeoutSeconds = 10

const encryptedSchema = v.object({ CiphertextBlob: v.string() })
const decryptedSchema = v.object({ Plaintext: v.string() })

/** Where the root key is, and who asks. */
interface TencentKmsSettings {
  readonly keyId: string
  readonly region: string
  /** `https://kms.tencentcloudapi.com`, or the address inside a private network. */
  readonly endpoint: string
  readonly secretId: string
  readonly secretKey: string
}

/** Tencent Cloud KMS as key service: `Encrypt` and `Decrypt` of up to 4 KB under one customer key; the SDK signs the calls. */
export function createTencentKms({ keyId, region, endpoint, secretId, secretKey }: TencentKmsSettings): KeyService {
  const { host, protocol } = new URL(endpoint)
  const client = new CommonClient(host, apiVersion, {
    credential: { secretId, secretKey },
    region,
    profile: { httpProfile: { protocol: `${protocol}//`, reqTimeout: timeoutSeconds } },
  })
  return {
    async wrap(key) {
      const answer: unknown = await client.request('Encrypt', { KeyId: keyId, Plaintext: key.toString('base64') })
      return Buffer.from(v.parse(encryptedSchema, answer).CiphertextBlob, 'base64')
    },
    async unwrap(wrapped) {
      const answer: unknown = await client.request('Decrypt', { CiphertextBlob: wrapped.toString('base64') })
      return Buffer.from(v.parse(decryptedSchema, answer).Plaintext, 'base64')
    },
  }
}
