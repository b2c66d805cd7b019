import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { run } from '../support/debian/run.ts'
import type { FuzzOrder, FuzzReport } from './scenes/fuzz.ts'
import type { VanishReport } from './scenes/vanish.ts'

const SOAK = process.env['OFFHOOK_SOAK'] === '1'

/** Runs a scene in a process of its own, so that its end, its sockets and its timers are its own too. */
async function play<Report>(scene: string, order: unknown = null): Promise<Report> {
  const script = fileURLToPath(new URL(`scenes/${scene}.ts`, import.meta.url))
  const { status, stdout, stderr } = await run(process.execPath, [script, JSON.stringify(order)])
  if (status !== 0) throw new Error(`the scene ${scene} ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as Report
}

const packets = SOAK ? 1_000_000 : 50_000

test(
  `${packets} hostile datagrams end nothing and leave nothing behind`,
  { timeout: SOAK ? 900_000 : 120_000 },
  async () => {
    const order: FuzzOrder = { packets, seed: SOAK ? Date.now() % 2 ** 31 : 20_261_121 }
    const report = await play<FuzzReport>('fuzz', order)
    console.log(`fuzz: ${JSON.stringify({ ...order, ...report })}`)
    expect(report.stillServes).toBe(true)
    expect(report.sent.transferPorts).toBeGreaterThan(packets / 4)
    expect(report.after.lines - report.before.lines).toBeGreaterThan(packets / 100)
    expect(report.after.active).toBe(0)
    expect(report.after.resources).toBe(report.before.resources)
    expect(report.after.rssMiB - report.before.rssMiB).toBeLessThan(20)
  },
)

test(
  'vanished clients leave no socket and no timer, and whoever takes over their port gets its own file',
  { timeout: 120_000 },
  async () => {
    const report = await play<VanishReport>('vanish')
    console.log(`vanished clients: ${JSON.stringify(report)}`)
    // Some ports are drawn twice, by a second client or by the server itself.
    expect(report.atOnce).toBeGreaterThanOrEqual(900)
    expect(report.goneAfterMs.silent).toBeLessThan(7000)
    expect(report.resources.after).toBe(report.resources.before)
    expect(report.reused).toEqual({ fetched: 300, wrong: 0 })
  },
)
