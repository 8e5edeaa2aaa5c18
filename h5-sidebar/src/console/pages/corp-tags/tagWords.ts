import type { AskedTagChange, LibraryTag } from '@qihui/shared/corp-tag'

interface Word {
  readonly text: string
  readonly tone: 'good' | 'waiting' | 'bad' | 'calm'
}

export const originWords: Record<LibraryTag['origin'], Word> = {
  managed: { text: '系统维护', tone: 'good' },
  app: { text: '本应用创建', tone: 'calm' },
  elsewhere: { text: '其他来源创建', tone: 'waiting' },
}

export const changeWords: Record<AskedTagChange['state'], Word> = {
  waiting: { text: '等待写入', tone: 'waiting' },
  done: { text: '已写入', tone: 'good' },
  failed: { text: '写入失败', tone: 'bad' },
}

/** Names as somebody types them: one a line, or between commas. */
export function namesIn(text: string): string[] {
  return text.split(/[\n,，、]/).map((name) => name.trim()).filter((name) => name !== '')
}
