import { beforeEach, describe, expect, it } from 'vitest'
import { memberCard, sampleNow } from '../../testing/samples.ts'
import { createCardSnapshots } from './cardSnapshots.ts'

const hour = 60 * 60 * 1000

describe('createCardSnapshots', () => {
  const world = { now: sampleNow }
  const snapshots = createCardSnapshots(sessionStorage, () => world.now)

  beforeEach(() => {
    sessionStorage.clear()
    world.now = sampleNow
  })

  it('gives back a card for 24 hours and not longer', () => {
    snapshots.write('rep.li', 'wm1', { card: memberCard, receivedAt: sampleNow })
    world.now += 24 * hour
    expect(snapshots.read('rep.li', 'wm1')?.card).toEqual(memberCard)
    world.now += 1
    expect(snapshots.read('rep.li', 'wm1')).toBeNull()
  })

  it('never shows one staff member what another has seen', () => {
    snapshots.write('rep.li', 'wm1', { card: memberCard, receivedAt: sampleNow })
    expect(snapshots.read('rep.wang', 'wm1')).toBeNull()
  })

  it('keeps no raw phone', () => {
    const phone = { key: 'phone', label: '手机号', type: 'phone' as const, value: '13800001111', isMasked: false, needsApproval: false }
    const raw = { ...memberCard, member: memberCard.member && { ...memberCard.member, fields: [phone] } }
    snapshots.write('rep.li', 'wm1', { card: raw, receivedAt: sampleNow })
    expect(JSON.stringify(Object.values({ ...sessionStorage }))).not.toContain('13800001111')
    expect(snapshots.read('rep.li', 'wm1')?.card.member?.fields).toEqual([])
  })

  it('keeps the twenty newest', () => {
    for (let index = 0; index < 25; index += 1) snapshots.write('rep.li', `wm${index}`, { card: memberCard, receivedAt: sampleNow + index })
    expect(sessionStorage.length).toBe(20)
    expect(snapshots.read('rep.li', 'wm4')).toBeNull()
    expect(snapshots.read('rep.li', 'wm24')).not.toBeNull()
  })

  it('survives a full storage and foreign content', () => {
    const full = { ...sessionStorage, getItem: () => '{broken', setItem: () => { throw new Error('full') } } as unknown as Storage
    const broken = createCardSnapshots(full, () => sampleNow)
    broken.write('rep.li', 'wm1', { card: memberCard, receivedAt: sampleNow })
    expect(broken.read('rep.li', 'wm1')).toBeNull()
  })
})
