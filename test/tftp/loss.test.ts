import { expect, test } from 'vitest'
import type { LoadReport } from '../../bench/tftp/load-client.ts'
import { countRuns } from '../support/runs.ts'
import { chain, losing, playScene } from './namespace.ts'
import type { CrowdOrder } from './scenes/crowd.ts'
import type { LossOrder, LossReport } from './scenes/lossy-clients.ts'
import type { PortZeroOrder, PortZeroReport } from './scenes/port-zero.ts'

const MIB = 1024 * 1024

test('with 1 % loss in both directions every client has the right bytes', { timeout: 240_000 }, async () => {
  const order: LossOrder = {
    clients: ['tftp-hpa', 'atftp windowsize 8', 'curl without options', 'busybox blksize 1428'],
    sizes: [0, 8192, 5 * MIB],
    windows: [8, 32],
    blockBytes: 512,
  }
  const report = await playScene<LossReport>('lossy-clients', losing(1), order)
  console.log(report.fetches.map(({ client, size, ms }) => `${client} ${size} B ${ms} ms`).join('\n'))
  expect(report.dropped).toBeGreaterThan(100)
  expect(report.fetches.filter(({ fault }) => fault !== null)).toEqual([])
})

test('with 5 % loss in both directions clients of RFC 7440 have the right bytes', { timeout: 240_000 }, async () => {
  const order: LossOrder = { clients: [], sizes: [0, 8192, 2 * MIB], windows: [4, 8, 32], blockBytes: 1428 }
  const report = await playScene<LossReport>('lossy-clients', losing(5), order)
  console.log(report.fetches.map(({ client, size, ms }) => `${client} ${size} B ${ms} ms`).join('\n'))
  expect(report.dropped).toBeGreaterThan(100)
  expect(report.fetches.filter(({ fault }) => fault !== null)).toEqual([])
})

test('with 20 % loss each way 97 of 100 phones get 12 blocks at the first try', { timeout: 240_000 }, async () => {
  const order: CrowdOrder = { transfers: 1000, concurrent: 500, blockBytes: null, sizeBytes: 12 * 512 - 100 }
  const report = await playScene<LoadReport>('crowd', losing(20), order)
  console.log(`20 % loss: ${report.failures} of ${order.transfers} failed, ${report.retries} client retries`)
  expect(report.failures).toBeLessThanOrEqual(30)
})

const PHONES = countRuns(300, 10_000)

test(
  `with 20 % loss each way 999 of 1,000 of ${PHONES} phones have their file within three attempts`,
  { timeout: countRuns(120_000, 900_000) },
  async () => {
    const work = { transfers: PHONES, concurrent: 1_000, blockBytes: null, tries: 3 }
    const order: CrowdOrder = { ...work, sizeBytes: 12 * 512 - 100 }
    const { failures, restarts, retries, ms } = await playScene<LoadReport>('crowd', losing(20), order)
    const seconds = Math.round(ms / 1000)
    console.log(
      `20 % loss, three attempts: ${failures} of ${PHONES} failed, ${restarts} began anew, ${retries} packets again, ${seconds} s`,
    )
    expect(retries, 'there was loss').toBeGreaterThan(PHONES)
    expect(failures).toBeLessThanOrEqual(Math.floor(PHONES / 1_000))
  },
)

test('packets from port 0 are met with silence and harm nothing', async () => {
  const rules = chain('udp sport 5555 udp sport set 0')
  const order: PortZeroOrder = { disguised: 5555 }
  const report = await playScene<PortZeroReport>('port-zero', rules, order)
  expect(report).toEqual({ heard: 0, seenFrom: 0, transfer: ['DATA 1', 'DATA 2'] })
})
