/** A part of a text: plain, or an address somebody can open. */
export interface TextPart {
  readonly text: string
  readonly isAddress: boolean
}

/** Addresses end where ASCII ends: Chinese text may follow without a space. */
const address = /https?:\/\/[A-Za-z0-9.:/_?&=%#~+-]+/g

/** Cuts a message at its addresses, as the phone's own SMS and mail programs do. */
export function addressesIn(text: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const match of text.matchAll(address)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), isAddress: false })
    parts.push({ text: match[0], isAddress: true })
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push({ text: text.slice(end), isAddress: false })
  return parts
}
