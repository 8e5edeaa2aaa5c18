/** What a page in a place asks of the stage around it. */
export type PlaceMessage =
  /** The page wants an address opened that is not its own: another site, or a new window. */
  | { readonly source: 'qihui-place'; readonly type: 'openLink'; readonly url: string }
  /** The open tag of WeChat was tapped. */
  | { readonly source: 'qihui-place'; readonly type: 'launchMiniProgram'; readonly path: string }
  | { readonly source: 'qihui-place'; readonly type: 'close' }

type Untold<Message> = Message extends unknown ? Omit<Message, 'source'> : never

/** Tells the stage; a page that is not framed by it is alone. */
export function tellStage(message: Untold<PlaceMessage>): void {
  if (parent !== window) parent.postMessage({ source: 'qihui-place', ...message }, location.origin)
}
