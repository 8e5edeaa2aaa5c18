import { tmpdir } from 'node:os'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { runGates } from './runGates.mjs'
import type { Gate } from './stages.mjs'
import { openRecords } from './unchanged.mjs'

/** Where git knows nothing, nothing is ever known to be unchanged. */
const records = openRecords({ root: tmpdir(), folder: tmpdir() })

/** A gate that tells when it begins and ends; while it runs, everything that could begin does. */
function telling(told: string[], name: string, rest: Partial<Gate> = {}): Gate {
  return {
    name, group: name, title: name, ...rest,
    async run() {
      told.push(`${name} begins`)
      for (let turns = 0; turns < 5; turns += 1) await turn()
      told.push(`${name} ends`)
      return { passed: 2, failed: name === 'broken' ? 1 : 0, problems: [] }
    },
  }
}

it('runs gates two at a time in their order, whatever fails, and counts', async () => {
  const told: string[] = []
  const totals = await runGates([telling(told, 'broken'), telling(told, 'second'), telling(told, 'third')], records)
  expect(told.slice(0, 3)).toEqual(['broken begins', 'second begins', 'broken ends'])
  expect(told).toHaveLength(6)
  expect(totals).toEqual({ passed: 6, failed: 1, unchanged: 0 })
})

it('lets a gate wait for the one whose product it reads, and for no other', async () => {
  const told: string[] = []
  await runGates([telling(told, 'build'), telling(told, 'reader', { after: ['build'] })], records)
  expect(told).toEqual(['build begins', 'build ends', 'reader begins', 'reader ends'])
})
