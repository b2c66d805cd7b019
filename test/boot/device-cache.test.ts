import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CachedDevice, DeviceCache } from '../../src/boot/device-cache.ts'
import { toReady } from '../../src/boot/ready-device.ts'
import { families } from './open-site.ts'

const [file] = families[0]!.files

function device(id: number, bytes: number, token = `token-${id}`): CachedDevice {
  const answer = { bytes: Buffer.alloc(bytes), contentType: 'text/plain', etag: '"1"' }
  return {
    ...{ id, token, tenantId: 1, mac: null, family: 'yealink', sealedAtMs: null },
    ...{ bookAddress: null, generation: 0, isUsed: false },
    ...{ files: [toReady(file!, answer, null)], stored: new Map() },
  }
}

test('what is put in is found by token and by id, and replaced with its old token gone', () => {
  const cache = new DeviceCache(1e6)
  cache.put(device(1, 10))
  expect(cache.findByToken('token-1')).toBe(cache.findById(1))
  cache.put(device(1, 10, 'rotated'))
  expect(cache.findByToken('token-1')).toBeUndefined()
  expect(cache.findByToken('rotated')!.id).toBe(1)
})

test('who is asked for stays, who is not goes first', () => {
  const cache = new DeviceCache(10 * 10_000)
  for (let id = 1; id <= 40; id++) {
    cache.put(device(id, 8_000))
    cache.findById(1)
  }
  expect(cache.findById(1)).toBeDefined()
  expect(cache.findById(2)).toBeUndefined()
  expect(cache.findById(40)).toBeDefined()
})

test('it never holds more than it may, whatever is put in, found and removed', () => {
  const step = fc.record({ id: fc.integer({ min: 1, max: 30 }), bytes: fc.integer({ min: 0, max: 20_000 }) })
  const doing = fc.tuple(fc.constantFrom('put', 'find', 'remove'), step)
  fc.assert(
    fc.property(fc.array(doing, { maxLength: 200 }), (steps) => {
      const limit = 60_000
      const cache = new DeviceCache(limit)
      for (const [what, { id, bytes }] of steps) {
        const found = cache.findById(id)
        if (what === 'put') cache.put(device(id, bytes))
        else if (what === 'remove' && found) cache.remove(found)
      }
      const held = Array.from({ length: 30 }, (_, index) => cache.findById(index + 1)).filter(
        (one) => one !== undefined,
      )
      const heldBytes = held.map((one) =>
        one.files.map(({ answer }) => (answer as { bytes: Buffer }).bytes.length + 2048),
      )
      expect(heldBytes.flat().reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(limit)
      for (const one of held) expect(cache.findByToken(one.token)).toBe(one)
    }),
  )
})

test('a file that was asked for is found by its path, until its device goes or it is asked for otherwise', () => {
  const cache = new DeviceCache(1e6)
  const first = device(1, 10)
  const [ready] = first.files as [(typeof first.files)[number]]
  cache.noteAsked(first, ready, '/token-1/early.cfg') // It is not in memory yet.
  cache.put(first)
  expect(cache.findAsked('/token-1/early.cfg')).toBeUndefined()
  cache.noteAsked(first, ready, '/token-1/One.cfg')
  expect(cache.findAsked('/token-1/One.cfg')).toEqual({ device: first, ready })
  expect(cache.findAsked('/token-2/One.cfg')).toBeUndefined()
  cache.noteAsked(first, ready, '/token-1/one.cfg')
  expect(cache.findAsked('/token-1/One.cfg')).toBeUndefined()
  expect(cache.findAsked('/token-1/one.cfg')!.ready).toBe(ready)

  const anew = device(1, 10)
  cache.put(anew)
  expect(cache.findAsked('/token-1/one.cfg')).toBeUndefined()
  cache.noteAsked(first, ready, '/token-1/one.cfg') // Somebody was slow.
  expect(cache.findAsked('/token-1/one.cfg')).toBeUndefined()
})
