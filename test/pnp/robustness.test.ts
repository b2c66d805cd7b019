import { expect, test } from 'vitest'
import { countRuns } from '../support/runs.ts'
import { playScene } from '../tftp/namespace.ts'
import type { FuzzOrder, FuzzReport } from './scenes/fuzz.ts'

const packets = countRuns(20_000, 1_000_000)

test(
  `${packets} hostile datagrams end nothing and leave nothing behind`,
  { timeout: countRuns(120_000, 1_200_000) },
  async () => {
    const order: FuzzOrder = { packets, seed: countRuns(20_261_122, Date.now() % 2 ** 31) }
    const report = await playScene<FuzzReport>(new URL('scenes/fuzz.ts', import.meta.url), '', order)
    console.log(`pnp fuzz: ${JSON.stringify({ ...order, ...report })}`)
    expect(report.stillAnswers).toBe(true)
    expect(report.answers).toBeGreaterThan(100)
    expect(report.after.questions - report.before.questions).toBeGreaterThan(packets / 20)
    expect(report.after.pending).toBe(0)
    expect(report.after.resources).toBe(report.before.resources)
    expect(report.after.rssMiB - report.before.rssMiB).toBeLessThan(20)
  },
)
