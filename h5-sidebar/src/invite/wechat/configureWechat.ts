import type { WechatSignature } from '../../api/inviteApi.ts'

/** A client that says nothing for this long is not going to, milliseconds. */
const answerTimeoutMs = 5_000

/** The tag that opens a mini-program from a page inside WeChat (platform 9). */
export const openTagName = 'wx-open-launch-weapp'

/** Proves this page to WeChat, so that the open tag is drawn. False when WeChat refuses or is too old to answer. */
export async function configureWechat(signature: WechatSignature): Promise<boolean> {
  const { default: wx } = await import('weixin-js-sdk')
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), answerTimeoutMs)
    const settle = (isAccepted: boolean) => {
      clearTimeout(timer)
      resolve(isAccepted)
    }
    wx.ready(() => settle(true))
    wx.error(() => settle(false))
    // The list must name something, though the tag is all we want.
    wx.config({ ...signature, debug: false, jsApiList: ['hideMenuItems'], openTagList: [openTagName] })
  })
}
