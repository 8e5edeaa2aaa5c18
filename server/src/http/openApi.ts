import { toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema'
import { errorCatalogue, type ErrorCode } from '@qihui/shared/errors'
import { conditionSchema } from '@qihui/shared/form'
import type { Contract } from '@qihui/shared/http'
import type { GenericSchema } from 'valibot'
import type { Route } from './route.ts'

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(errorCatalogue) },
    detail: { type: 'string' },
    requestId: { type: 'string' },
    errors: { type: 'array', items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } } },
  },
}

/** Schemas that contain themselves have a name, which every use points at. */
const recursive = { Condition: conditionSchema }
const overrideRef = ({ referenceId }: { readonly referenceId: string }) => `#/components/schemas/${referenceId}`

/** Actions such as trimming have no JSON Schema and do not change what is accepted. */
function schemaOf(schema: GenericSchema, typeMode: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, $defs: _components, ...rest } = toJsonSchema(schema, { errorMode: 'ignore', typeMode, definitions: recursive, overrideRef })
  return rest
}

function parametersOf(contract: Contract): unknown[] {
  const listed = (place: 'path' | 'query', schema: GenericSchema | undefined) => {
    if (schema === undefined) return []
    const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: Record<string, unknown>; required?: string[] }
    return Object.entries(properties).map(([name, shape]) => ({ name, in: place, required: place === 'path' || required.includes(name), schema: shape }))
  }
  const key = contract.isIdempotent ? [{ name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string' } }] : []
  return [...listed('path', contract.params), ...listed('query', contract.query), ...key]
}

function problemsOf(contract: Contract): Record<string, unknown> {
  const always: ErrorCode[] = ['request.invalid', 'request.rateLimited', ...(contract.audience === 'public' ? [] : (['session.expired'] as const))]
  if (typeof contract.permission === 'object') always.push('rights.denied')
  const codes = [...always, ...(contract.errors ?? [])]
  const statuses = [...new Set(codes.map((code) => errorCatalogue[code].status))]
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: codes.filter((code) => errorCatalogue[code].status === status).map((code) => `${code}: ${errorCatalogue[code].title}`).join('\n'),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

function operationOf(contract: Contract): Record<string, unknown> {
  const security = { public: [], member: [{ member: [] }], staff: [{ staff: [] }], operator: [{ staff: [] }], integration: [{ integration: [] }] }[contract.audience]
  return {
    summary: contract.summary,
    security,
    'x-audience': contract.audience,
    ...(contract.permission ? { 'x-permission': contract.permission } : {}),
    parameters: parametersOf(contract),
    ...(contract.body ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(contract.body, 'input') } } } } : {}),
    responses: {
      [String(contract.status ?? 200)]: { description: contract.summary, content: { 'application/json': { schema: schemaOf(contract.response, 'output') } } },
      ...problemsOf(contract),
    },
  }
}

/** The OpenAPI 3.1 document, made of the same contracts the server validates by. */
export function openApiOf(routes: readonly Route[], publicUrl: string): object {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { contract } of routes) {
    if (contract === null) continue
    const path = contract.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [contract.method.toLowerCase()]: operationOf(contract) }
  }
  return {
    openapi: '3.1.0',
    info: { title: '企会 Qihui API', version: '0.1.0' },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      schemas: { Problem: problemSchema, ...toJsonSchemaDefs(recursive, { errorMode: 'ignore', overrideRef }) },
      securitySchemes: {
        member: { type: 'http', scheme: 'bearer', description: '小程序会话' },
        staff: { type: 'apiKey', in: 'cookie', name: 'qihui_staff', description: '员工会话' },
        integration: { type: 'http', scheme: 'bearer', description: '接口密钥' },
      },
    },
  }
}
