import { describe, expect, it } from 'vitest'
import { createCircuit } from './circuit.ts'

function open() {
  const clock = { at: 0 }
  const circuit = createCircuit(() => new Date(clock.at))
  for (let call = 0; call < 5; call += 1) {
    expect(circuit.admit()).toBe(true)
    circuit.failed()
  }
  return { clock, circuit }
}

describe('the circuit', () => {
  it('opens after five failures in a row, not after five in all', () => {
    const circuit = createCircuit(() => new Date(0))
    for (let call = 0; call < 12; call += 1) {
      if (call % 4 === 3) circuit.succeeded()
      else circuit.failed()
      expect(circuit.admit()).toBe(true)
    }
    expect(open().circuit.admit()).toBe(false)
  })

  it('lets one of many try when its ten seconds are over, and all after that one succeeded', () => {
    const { clock, circuit } = open()
    clock.at = 9_999
    expect(circuit.admit()).toBe(false)
    clock.at = 10_000
    expect(Array.from({ length: 50 }, () => circuit.admit()).filter(Boolean)).toHaveLength(1)
    circuit.succeeded()
    expect(Array.from({ length: 50 }, () => circuit.admit()).every(Boolean)).toBe(true)
  })

  it('stays open for another ten seconds when the trial fails', () => {
    const { clock, circuit } = open()
    clock.at = 10_000
    expect(circuit.admit()).toBe(true)
    circuit.failed()
    clock.at = 19_999
    expect(circuit.admit()).toBe(false)
    clock.at = 20_000
    expect(circuit.admit()).toBe(true)
  })
})
