import { setTimeout as pause } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { ContactRecord } from '../../src/db/device-contacts.ts'
import type { PhoneRequest } from '../../src/model/phone-request.ts'
import { refuse } from '../../src/boot/judge-request.ts'
import { Story } from '../../src/boot/story.ts'

const request = (at: number): PhoneRequest => ({
  ...{ transport: 'http', token: null, file: `${at}.rom`, userAgent: '', address: '192.0.2.1' },
})
const verdict = refuse('unknown-file', null, null)

function openStory(write: (records: readonly ContactRecord[]) => Promise<void>) {
  return new Story({ families: [], write, onFailure: () => undefined })
}

test('a storm is written in batches with a pause between them, in its order, to the last one', async () => {
  const batches: { atMs: number; files: string[] }[] = []
  const story = openStory((records) => {
    batches.push({ atMs: performance.now(), files: records.map(({ file }) => file) })
    return Promise.resolve()
  })
  for (let at = 0; at < 2_500; at++) {
    story.note(request(at), verdict)
    if (at % 500 === 499) await pause(20)
  }
  await vi.waitFor(() => expect(batches.flatMap(({ files }) => files)).toHaveLength(2_500), { timeout: 5_000 })
  expect(batches.flatMap(({ files }) => files)).toEqual(Array.from({ length: 2_500 }, (_, at) => `${at}.rom`))
  for (const [at, { atMs }] of batches.entries()) if (at > 0) expect(atMs - batches[at - 1]!.atMs).toBeGreaterThan(200)
  expect(batches.every(({ files }) => files.length <= 1_000)).toBe(true)
})

test('what could not be written waits in its place and is written once', async () => {
  const written: string[] = []
  let failures = 1
  const story = openStory((records) => {
    if (failures-- > 0) return Promise.reject(new Error('away'))
    written.push(...records.map(({ file }) => file))
    return Promise.resolve()
  })
  story.note(request(1), verdict)
  await story.flush()
  story.note(request(2), verdict)
  await story.close()
  expect(written).toEqual(['1.rom', '2.rom'])
  expect(story.dropped).toBe(0)
})

test('a phone that fetches the same file over and over takes one place, another source another', async () => {
  const written: Pick<ContactRecord, 'address' | 'times'>[] = []
  const story = openStory((records) => {
    written.push(...records.map(({ address, times }) => ({ address, times })))
    return Promise.resolve()
  })
  const served = { ...verdict, outcome: 'served' as const, deviceId: 7 }
  for (let at = 0; at < 30_000; at++) story.note(request(1), served)
  story.note({ ...request(1), address: '192.0.2.2' }, served)
  await story.close()
  expect(story.dropped).toBe(0)
  expect(written).toEqual([
    { address: '192.0.2.1', times: 30_000 },
    { address: '192.0.2.2', times: 1 },
  ])
})
