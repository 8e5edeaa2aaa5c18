interface PolicyBody {
  readonly title: string
  readonly summary: readonly string[]
  readonly sections: readonly { readonly heading: string; readonly paragraphs: readonly string[] }[]
}

/** What is different from one text to the next, a line for each part, for the one who decides minor or material. */
export function policyChanges(before: PolicyBody, after: PolicyBody): string[] {
  const former = new Map(before.sections.map(({ heading, paragraphs }) => [heading, paragraphs.join('\n')]))
  const kept = new Set(after.sections.map(({ heading }) => heading))
  const order = (body: PolicyBody) => body.sections.filter(({ heading }) => kept.has(heading) && former.has(heading)).map(({ heading }) => heading).join('\n')
  return [
    ...(before.title === after.title ? [] : [`标题改为“${after.title}”`]),
    ...(before.summary.join('\n') === after.summary.join('\n') ? [] : ['修改了要点']),
    ...after.sections.filter(({ heading }) => !former.has(heading)).map(({ heading }) => `新增“${heading}”`),
    ...after.sections.filter(({ heading, paragraphs }) => former.has(heading) && former.get(heading) !== paragraphs.join('\n')).map(({ heading }) => `修改“${heading}”`),
    ...[...former.keys()].filter((heading) => !kept.has(heading)).map((heading) => `删除“${heading}”`),
    ...(order(before) === order(after) ? [] : ['调整了各节的顺序']),
  ]
}
