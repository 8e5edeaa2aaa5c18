import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** `server/assets`, from the bundle (`dist/main.js`) and from the source tree alike. */
function assetsFolder(from: string): string {
  const here = path.dirname(fileURLToPath(from))
  const candidates = [path.resolve(here, '../assets'), path.resolve(here, '../../../assets')]
  return candidates.find((folder) => existsSync(folder)) ?? path.resolve(here, '../assets')
}

let kept: Buffer | null = null

/** The picture of the invitation card, 5:4 as WeChat shows cards; it names no brand and fits all. */
export function inviteCardPicture(): Buffer {
  kept ??= readFileSync(path.join(assetsFolder(import.meta.url), 'invite-card.png'))
  return kept
}
