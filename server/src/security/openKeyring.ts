import { createKeyring, type Keyring } from './keyring.ts'
import type { KeyService } from './keyService.ts'
import type { FieldKeySetting } from './parseFieldKeys.ts'

/** The keyring of settings that hold the keys themselves. @throws Error when one is wrapped: `openKeyring` asks the key service */
export function localKeyring(settings: ReadonlyMap<number, FieldKeySetting>): Keyring {
  const wrapped = [...settings].filter(([, { isWrapped }]) => isWrapped).map(([version]) => version)
  if (wrapped.length > 0) throw new Error(`field key ${wrapped.join(', ')} is wrapped: open the keyring with the key service first`)
  return createKeyring(new Map([...settings].map(([version, { bytes }]) => [version, bytes])))
}

/** The keyring of the settings; wrapped keys are opened by the key service, one call each, once per start. @throws Error naming the version */
export async function openKeyring(settings: ReadonlyMap<number, FieldKeySetting>, service: KeyService | null): Promise<Keyring> {
  const opened = new Map<number, Buffer>()
  for (const [version, { bytes, isWrapped }] of settings) opened.set(version, isWrapped ? await unwrapped(version, bytes, service) : bytes)
  return createKeyring(opened)
}

async function unwrapped(version: number, wrapped: Buffer, service: KeyService | null): Promise<Buffer> {
  if (service === null) throw new Error(`field key ${version} is wrapped, but no key service is set up`)
  try {
    return await service.unwrap(wrapped)
  } catch (error) {
    throw new Error(`the key service did not open field key ${version}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
