import { AppError } from '@qihui/shared/errors'
import type { ApiKeyScope } from '@qihui/shared/member'
import type { IntegrationActor } from '../../http/actor.ts'

/** @throws AppError `apiKey.scopeMissing` naming the scope to ask for */
export function requireScope(actor: IntegrationActor, scope: ApiKeyScope): void {
  if (!actor.scopes.has(scope)) throw new AppError('apiKey.scopeMissing', `接口密钥缺少权限 ${scope}`)
}
