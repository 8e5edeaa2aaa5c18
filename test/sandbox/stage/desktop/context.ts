/** From where the sidebar was opened, as `getContext` says it. */
export type DesktopEntry = 'single_chat_tools' | 'group_chat_tools' | 'normal'

/** What the desktop client knows while it shows our page. */
export interface DesktopContext {
  readonly entry: DesktopEntry
  readonly staffUserId: string
  /** Has the right to serve external contacts. */
  readonly hasContactRight: boolean
  readonly personId: string | null
  readonly externalUserId: string | null
  readonly chatId: string | null
}

/** What the stage page offers to the client script inside the sidebar's frame. */
export interface DesktopHost {
  context(): DesktopContext
  /** A message went into the chat: show it. */
  messageSent(): void
  closeSidebar(): void
  openProfile(externalUserId: string): void
}
