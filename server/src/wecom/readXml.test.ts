import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readXml } from './readXml.ts'

const elementsOf = (xml: string) => {
  const root = readXml(xml).get('xml')
  return root instanceof Map ? [...root] : root
}

describe('readXml', () => {
  it('reads elements by name, CDATA like text, trimmed', () => {
    expect(elementsOf('<?xml version="1.0"?>\n<xml><A><![CDATA[ 1 <&> ]]></A> <B kind="x"> &lt;2&gt; &#20013; </B><C/></xml>')).toEqual([['A', '1 <&>'], ['B', '<2> 中'], ['C', '']])
  })

  it('keeps nested and repeated elements', () => {
    expect(elementsOf('<xml><Job><Id>1</Id><Id>2</Id><Id>3</Id></Job></xml>')).toEqual([['Job', new Map([['Id', ['1', '2', '3']]])]])
  })

  it('takes any name for a name', () => {
    expect(elementsOf('<xml><__proto__>a</__proto__><constructor>b</constructor></xml>')).toEqual([['__proto__', 'a'], ['constructor', 'b']])
    expect(({} as Record<string, unknown>)['a']).toBeUndefined()
  })

  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['an open element', '<xml><a>1</a>'],
    ['crossed elements', '<xml><a></b></xml>'],
    ['two roots', '<xml/><xml/>'],
    ['an open CDATA', '<xml><![CDATA[x</xml>'],
    ['an unknown entity', '<xml>&x;</xml>'],
    ['a DOCTYPE', '<!DOCTYPE xml><xml/>'],
    ['an entity of its own', '<!DOCTYPE xml [<!ENTITY x "y">]><xml>&x;</xml>'],
    ['a DOCTYPE in lower case', '<!doctype xml><xml/>'],
    ['NUL', '<xml>\0</xml>'],
    ['8,000 open elements', '<a>'.repeat(8000)],
  ])('refuses %s', (_name, xml) => {
    expect(() => readXml(xml)).toThrow()
  })

  it('gives back every text that XML can carry', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((words) => words.trim() === words && !/\]\]>|[^\P{C}]|\r/u.test(words))
    fc.assert(
      fc.property(text, (words) => {
        expect(elementsOf(`<xml><a><![CDATA[${words}]]></a></xml>`)).toEqual([['a', words]])
      }),
    )
  })

  it('stays quick with 8,000 elements of one name and with 5,000 levels', () => {
    const started = performance.now()
    readXml(`<xml>${'<a>1</a>'.repeat(8000)}</xml>`)
    readXml(`${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
