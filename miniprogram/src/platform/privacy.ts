/** The person's answer to the client's question whether its privacy guide is accepted. */
export type PrivacyAnswer = { readonly event: 'agree'; readonly buttonId: string } | { readonly event: 'disagree' }

type ResolvePrivacy = (answer: PrivacyAnswer) => void

/**
 * Calls `onAsked` whenever an API waits for the privacy guide to be accepted; the API goes on once `resolve` is called
 * (platform 8.2). A client older than 2.32.3 never asks.
 */
export function watchPrivacy(onAsked: (resolve: ResolvePrivacy) => void): void {
  // The typings describe the listener's argument as a plain result; it is the resolver (platform 8.2).
  wx.onNeedPrivacyAuthorization?.((resolve) => onAsked(resolve as unknown as ResolvePrivacy))
}

/** Opens WeChat's own page with the privacy guide declared for this mini-program. */
export function openPrivacyGuide(): void {
  wx.openPrivacyContract({ fail: () => wx.showToast({ title: '暂时无法打开，请稍后再试', icon: 'none' }) })
}
