import QRCode from 'qrcode'

/** Readable after printing and after a chat has scaled it down: a quarter of the code may be lost at level Q. */
const drawing = { errorCorrectionLevel: 'Q', margin: 2 } as const
/** Wide enough for print at 5 cm and 300 dpi. */
const pictureWidth = 640

/** A QR that leads to an address, as PNG. */
export function codePicture(address: string): Promise<Buffer> {
  return QRCode.toBuffer(address, { ...drawing, width: pictureWidth })
}

/** The same as SVG, for print of any size. */
export function codeDrawing(address: string): Promise<string> {
  return QRCode.toString(address, { ...drawing, type: 'svg' })
}
