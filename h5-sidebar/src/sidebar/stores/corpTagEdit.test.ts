import { describe, expect, it } from 'vitest'
import { babyTag, beautyTag, tierTag } from '../../testing/samples.ts'
import { corpTagEdit } from './corpTagEdit.ts'

describe('corpTagEdit', () => {
  it('asks only for the difference', () => {
    expect(corpTagEdit([babyTag], [beautyTag])).toEqual({ edit: { addTagIds: ['etBeauty'], removeTagIds: ['etBaby'] }, shown: [beautyTag] })
    expect(corpTagEdit([babyTag], [babyTag]).edit).toEqual({ addTagIds: [], removeTagIds: [] })
  })

  it('never touches a managed tag, not even one that came or went since the sheet was opened', () => {
    expect(corpTagEdit([tierTag, babyTag], [babyTag])).toEqual({ edit: { addTagIds: [], removeTagIds: [] }, shown: [tierTag, babyTag] })
    expect(corpTagEdit([babyTag], [tierTag, babyTag])).toEqual({ edit: { addTagIds: [], removeTagIds: [] }, shown: [babyTag] })
  })
})
