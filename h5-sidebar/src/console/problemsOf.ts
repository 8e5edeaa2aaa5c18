import type { Contract } from '@qihui/shared/http'

/** Messages of the schema library itself are English and say nothing to an operator. */
const isReadable = (message: string) => /[\u4e00-\u9fff]/.test(message)

function pathOf(path: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined): string {
  return (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
}

/** What a contract's schema finds wrong with a draft, by dotted path: the rules stay in shared, the form only shows them. */
export async function problemsOf(schema: Contract['response'], draft: unknown): Promise<Record<string, string>> {
  const { issues } = await schema['~standard'].validate(draft)
  return Object.fromEntries((issues ?? []).map(({ path, message }) => [pathOf(path), isReadable(message) ? message : '内容不正确，请检查']))
}
