import type { FormDefinition } from '@qihui/shared/form'
import type { Services } from '../../services.ts'
import type { StoredAnswer } from './profile.ts'

/** Every version an answer names: what its field is called and how sensitive it is, the version says. */
export async function readForms({ forms }: Pick<Services, 'forms'>, answers: readonly StoredAnswer[] | null): Promise<ReadonlyMap<string, FormDefinition>> {
  const known = new Map<string, FormDefinition>()
  for (const version of new Set(answers?.map((answer) => answer.version))) {
    const form = await forms.find(version)
    if (form !== null) known.set(version, form.definition)
  }
  return known
}
