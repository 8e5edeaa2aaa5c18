/**
 * A statement of the product as a script whose values are computed by SQL, so that pgbench runs the same statement. In an
 * expression `:n` is a number no other operation of the round has, `:m` one that grows over the round, `:r` a number from 1 to 500.
 */
export function ceilingScript(text: string, expressions: readonly string[]): string {
  const script = text.replace(/\$(\d+)/g, (_match, position: string) => {
    const expression = expressions[Number(position) - 1]
    if (expression === undefined) throw new Error(`The statement has a parameter $${position} and no expression for it`)
    return `(${expression})`
  })
  // pgbench replaces names after a colon even inside quotes.
  const foreign = script.match(/(?<!:):(?!:)(?![nmr]\b)\w+/)
  if (foreign) throw new Error(`"${foreign[0]}" would be taken for a pgbench variable`)
  return script
}

/** A number of the script as `bigint`. */
export const sqlNumber = (variable: 'n' | 'm' | 'r') => `:${variable}::bigint`

/** A UUID from a script number; `kind` keeps the ids of one operation apart. Ordered like UUIDv7 when the number grows. */
export function sqlUuid(variable: 'n' | 'm', kind: number): string {
  return `(lpad(to_hex(${sqlNumber(variable)}), 12, '0') || '70008000' || '${String(kind).padStart(12, '0')}')::uuid`
}

/** The UUID `sqlUuid` gives, for the product's side. */
export function uuidOf(number: number, kind: number): string {
  const hex = `${number.toString(16).padStart(12, '0')}70008000${String(kind).padStart(12, '0')}`
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** A literal of so many bytes. */
export const sqlBytes = (length: number) => `'\\x${'5a'.repeat(length)}'::bytea`
