/** `fontSizeSetting` of a client nobody changed, px; the large layout of iOS has 23.8 (experience 2.2). */
const standardFontSize = 17

/** Brightness before it was raised, 0 to 1; null while the screen is as the person left it. */
let before: number | null = null

/** Full brightness, so that a scanner reads the code on the screen; the old value is kept. Without the right to do so nothing happens. */
export function brightenScreen(): void {
  if (before !== null) return
  wx.getScreenBrightness({
    success: ({ value }) => {
      before = value
      wx.setScreenBrightness({ value: 1 })
    },
  })
}

/** Back to the brightness of before `brightenScreen`. */
export function restoreScreen(): void {
  if (before === null) return
  wx.setScreenBrightness({ value: before })
  before = null
}

/** Ends the animation of the pull-down refresh. */
export function endPullDown(): void {
  wx.stopPullDownRefresh()
}

/** Scale of text the person chose in WeChat, 1 to 1.75: the range the screens are laid out for. */
export function fontScale(): number {
  const info: { fontSizeScaleFactor?: number; fontSizeSetting?: number } = wx.getAppBaseInfo()
  const scale = info.fontSizeScaleFactor ?? (info.fontSizeSetting ?? standardFontSize) / standardFontSize
  return Math.min(1.75, Math.max(1, scale))
}
