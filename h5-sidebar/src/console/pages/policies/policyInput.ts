import type { PolicyPublication, PublishedPolicy } from '../../../api/consoleApi.ts'

/** What the editor holds; a section's paragraphs are one text, parted by empty lines. */
export interface PolicyInput {
  version: string
  title: string
  diffClass: 'minor' | 'material' | ''
  summary: string[]
  sections: { heading: string; text: string }[]
}

/** A new version starts as a copy of the one in force. */
export function policyInputOf(base: PublishedPolicy): PolicyInput {
  const sections = base.sections.map(({ heading, paragraphs }) => ({ heading, text: paragraphs.join('\n\n') }))
  return { version: '', title: base.title, diffClass: '', summary: [...base.summary], sections }
}

function paragraphsOf(text: string): string[] {
  return text.split(/\n\s*\n/).map((paragraph) => paragraph.trim()).filter((paragraph) => paragraph !== '')
}

/** The text of an input, as it would be published. */
export function policyTextOf(input: PolicyInput): Pick<PolicyPublication, 'title' | 'summary' | 'sections'> {
  const sections = input.sections.map(({ heading, text }) => ({ heading: heading.trim(), paragraphs: paragraphsOf(text) }))
  return { title: input.title.trim(), summary: input.summary.map((point) => point.trim()), sections }
}
