import { Readable } from 'node:stream'
import type Koa from 'koa'
import { describe, expect, it } from 'vitest'
import { readJson } from './readBody.ts'

/** What the reader looks at: the bytes, and whether they say they are JSON. */
function read(text: string): Promise<unknown> {
  const request = Object.assign(Readable.from([Buffer.from(text)]), { headers: { 'content-length': String(Buffer.byteLength(text)) } })
  return readJson({ is: () => 'application/json', req: request } as unknown as Koa.Context)
}

describe('readJson', () => {
  it.each(['{"a":"\\u0000"}', '{"a\\u0000":1}', '[{"a":[{"b":"x\\uD800"}]}]', '{"a":"\\uDC00\\uD800"}'])('refuses %s, which no text column keeps', async (text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'request.malformed' })
  })

  it.each(['{"a":"\\\\u0000"}', '{"a":"\\uD83D\\uDE00"}', '{"a":"😀","b":["\\u0001"]}'])('reads %s', async (text) => {
    expect(await read(text)).toEqual(JSON.parse(text))
  })

  it('looks through a body as deep as it is long without following it', async () => {
    const deep = `${'['.repeat(10_000)}"\\u0000"${']'.repeat(10_000)}`
    await expect(read(deep)).rejects.toMatchObject({ code: 'request.malformed' })
  })
})
