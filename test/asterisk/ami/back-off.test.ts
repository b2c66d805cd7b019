import { describe, expect, it } from 'vitest'
import { backOffMs } from '../../../src/asterisk/ami/back-off.ts'

describe('the pause before the next attempt', () => {
  it('grows from 0.2 s to 5 s, half of it at random', () => {
    expect([0, 1, 2, 3, 4, 5, 99].map((attempt) => backOffMs(attempt, false, 1))).toEqual([
      200, 400, 800, 1600, 3200, 5000, 5000,
    ])
    expect(backOffMs(0, false, 0)).toBe(100)
  })

  it('is long after a refused login', () => {
    expect([0, 1, 99].map((attempt) => backOffMs(attempt, true, 1))).toEqual([30_000, 60_000, 600_000])
  })
})
