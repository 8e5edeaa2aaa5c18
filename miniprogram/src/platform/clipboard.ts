/** Copies a text; the client itself shows that it was copied. It counts as a privacy API, so the guide may be asked for first. */
export function copyText(data: string): void {
  wx.setClipboardData({ data })
}
