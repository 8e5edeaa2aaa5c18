/** A vendor's answer that carries an error number. Edges translate it; it never reaches a client as it is. */
export class VendorRefusal extends Error {
  readonly vendor: string
  readonly path: string
  readonly errcode: number
  /** The vendor's sentence: not contractual and never shown to people, but it names the caller's IP (platform 0.1). */
  readonly errmsg: string
  /** Set when the call was held back here: it may be tried again after so many milliseconds. */
  readonly heldBackMs: number | undefined

  constructor(vendor: string, path: string, errcode: number, errmsg: string, heldBackMs?: number) {
    super(`${vendor} ${path} answered errcode ${errcode}`)
    this.name = 'VendorRefusal'
    this.vendor = vendor
    this.path = path
    this.errcode = errcode
    this.errmsg = errmsg
    this.heldBackMs = heldBackMs
  }
}
