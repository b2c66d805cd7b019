import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { type AccessEntry, AccessLog } from '../../src/http/access-log.ts'

const entries = fc.record({
  address: fc.oneof(fc.ipV4(), fc.ipV6()),
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'M-SEARCH'),
  path: fc.option(fc.string({ unit: 'binary', maxLength: 300 })),
  status: fc.constantFrom(200, 304, 401, 404, 500),
  bytes: fc.nat(),
  ms: fc.double({ min: 0, max: 60_000, noNaN: true }),
})

test('every entry is one line of JSON, whole and in its order, however many there are and whatever was asked', () => {
  fc.assert(
    fc.property(fc.array(entries, { maxLength: 20 }), fc.integer({ min: 1, max: 200 }), (some, times) => {
      const written: string[] = []
      const log = new AccessLog((lines) => void written.push(lines))
      const all: AccessEntry[] = Array.from({ length: times }, () => some).flat()
      for (const entry of all) log.note(entry)
      log.flush()
      for (const lines of written) expect(lines.endsWith('\n')).toBe(true)
      const lines = written.join('').split('\n').slice(0, -1)
      const read = lines.map((line) => JSON.parse(line) as AccessEntry & { time: string })
      expect(read.map(({ address, status, bytes }) => [address, status, bytes])).toEqual(
        all.map(({ address, status, bytes }) => [address, status, bytes]),
      )
      for (const { time } of read) expect(Math.abs(Date.now() - Date.parse(time))).toBeLessThan(60_000)
      expect(lines.filter((line) => /[^ -~]/.test(line))).toEqual([])
    }),
  )
})

test('a line does not wait for others longer than a moment', async () => {
  const written: string[] = []
  const log = new AccessLog((lines) => void written.push(lines))
  log.note({ address: '192.0.2.1', method: 'GET', path: '/a.cfg', status: 404, bytes: 0, ms: 1.236 })
  expect(written).toEqual([])
  await vi.waitFor(() => expect(written).toHaveLength(1))
  expect(JSON.parse(written[0]!)).toMatchObject({ path: '/a.cfg', ms: 1.24, msg: 'phone request' })
})
