import { ensureMiniProgramCode } from '../../world/codes.ts'
import { optionalBoolean, optionalInteger, optionalString } from '../readBody.ts'
import { VendorError } from '../endpoint.ts'
import type { Endpoint, VendorCall } from '../endpoint.ts'

/** Visible characters a scene may hold; no `%`, hence no Chinese and no URL encoding [8.1]. */
const SCENE = /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+$/
const MAX_SCENE = 32
const DEFAULT_WIDTH = 430
const MIN_WIDTH = 280
const MAX_WIDTH = 1280
const ENV_VERSIONS = new Set(['release', 'trial', 'develop'])

function readScene(call: VendorCall): string {
  const scene = optionalString(call, 'scene') ?? ''
  if (scene.length < 1 || scene.length > MAX_SCENE) throw new VendorError(40169, 'invalid length for scene, or the data is not json string')
  if (!SCENE.test(scene)) throw new VendorError(40129, 'invalid scene')
  return scene
}

/** No leading slash, no query; published unless `check_path` is false [8.1]. */
function readPage(call: VendorCall): string {
  const { publishedPages } = call.state.settings
  const page = optionalString(call, 'page') ?? ''
  if (page.startsWith('/') || page.includes('?')) throw new VendorError(41030, 'invalid page')
  const isChecked = optionalBoolean(call, 'check_path') ?? true
  if (page && isChecked && publishedPages && !publishedPages.includes(page)) throw new VendorError(41030, 'invalid page')
  return page || publishedPages?.[0] || 'pages/index/index'
}

export const codeImageEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/wxa/getwxacodeunlimit',
    meaning: '生成小程序码',
    token: 'access',
    async handle(call) {
      const envVersion = optionalString(call, 'env_version') ?? 'release'
      if (!ENV_VERSIONS.has(envVersion)) throw new VendorError(40097, 'invalid args')
      const scene = readScene(call)
      const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, optionalInteger(call, 'width') ?? DEFAULT_WIDTH))
      return { image: await ensureMiniProgramCode(call.state, readPage(call), scene, width) }
    },
  },
]
