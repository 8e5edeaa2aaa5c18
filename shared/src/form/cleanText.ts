/** Characters nobody sees and nobody means: controls, zero widths, joiners, marks of direction, byte-order marks. */
const invisible = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g

/** One line of text as its writer meant it: composed, without invisible characters, runs of blanks as one space. Idempotent. */
export function cleanText(text: string): string {
  return text.replace(invisible, '').normalize('NFC').replace(/\s+/g, ' ').trim()
}

/** The same with full-width letters, digits and signs in their plain form: for values that are parsed, never for prose. Idempotent. */
export function plainText(text: string): string {
  return cleanText(cleanText(text).normalize('NFKC'))
}
