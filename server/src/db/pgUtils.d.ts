/** The driver's own conversion of parameters, which it does not describe. */
declare module 'pg/lib/utils.js' {
  const utils: {
    /** What goes over the wire for a value: text, bytes, or null. Arrays become array literals, other objects JSON. */
    prepareValue(value: unknown): string | Buffer | null
  }
  export default utils
}
