import { describe, expect, it } from 'vitest'
import { handEditOf } from './handEditOf.ts'

const managed = ['etNormal', 'etSilver', 'etGold']
const look = (left: string[] | null, current: string[], wanted: string[]) => handEditOf({ left, current, managed, wanted })

describe('handEditOf', () => {
  it.each<[string, ReturnType<typeof look>, ReturnType<typeof look>]>([
    ['a tag that was added', look(['etNormal'], ['etNormal', 'etGold'], ['etNormal']), { added: ['etGold'], removed: [] }],
    ['a tag that was taken away', look(['etNormal'], ['etOther'], ['etNormal']), { added: [], removed: ['etNormal'] }],
    ['a tag that was exchanged', look(['etNormal'], ['etGold'], ['etNormal']), { added: ['etGold'], removed: ['etNormal'] }],
    ['nothing where we never looked', look(null, ['etGold'], ['etNormal']), null],
    ['nothing where only tags of others changed', look(['etNormal'], ['etNormal', 'etOther'], ['etNormal']), null],
    ['nothing while a change of ours has yet to be written', look(['etNormal'], ['etNormal'], ['etSilver']), null],
    ['nothing where a write of ours landed without its answer', look(['etNormal'], ['etSilver'], ['etSilver']), null],
    ['nothing where a tag was deleted from the library', look(['etGone'], [], ['etSilver']), null],
  ])('sees %s', (_name, seen, expected) => {
    expect(seen).toEqual(expected)
  })
})
