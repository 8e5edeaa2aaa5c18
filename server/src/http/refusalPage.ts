import { errorCatalogue, type AppError } from '@qihui/shared/errors'
import { noticePage } from './noticePage.ts'

/** What a person sees instead of the sidebar when a login is refused: the reason, and what to do. */
export function refusalPage(error: AppError, brandName: string, retryPath: string | null): string {
  const { title } = errorCatalogue[error.code]
  return noticePage({
    pageTitle: `无法登录 · ${brandName}`,
    title,
    text: error.detail ?? null,
    action: retryPath === null ? null : { path: retryPath, label: '重新登录' },
  })
}
