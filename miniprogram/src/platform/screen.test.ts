import { describe, expect, it, vi } from 'vitest'
import { wxCalls } from '../../test/fakeWx.ts'
import { brightenScreen, fontScale, restoreScreen } from './screen.ts'

const brightness = () => wxCalls.filter(({ name }) => name === 'setScreenBrightness').map(({ options }) => options['value'])

describe('fontScale', () => {
  it.each([
    [{ fontSizeSetting: 17 }, 1],
    [{ fontSizeSetting: 23.8 }, 1.4],
    [{ fontSizeScaleFactor: 1.2, fontSizeSetting: 17 }, 1.2],
    [{ fontSizeSetting: 40 }, 1.75],
    [{ fontSizeSetting: 14 }, 1],
    [{}, 1],
  ])('reads %j as %d', (info, scale) => {
    vi.stubGlobal('wx', { ...wx, getAppBaseInfo: () => info })
    expect(fontScale()).toBeCloseTo(scale)
  })
})

describe('brightenScreen', () => {
  it('raises the brightness once and puts the old one back', async () => {
    brightenScreen()
    await vi.waitFor(() => expect(brightness()).toEqual([1]))
    brightenScreen()
    restoreScreen()
    restoreScreen()
    expect(brightness()).toEqual([1, 0.4])
  })
})
