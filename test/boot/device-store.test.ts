import { expect, test } from 'vitest'
import { DeviceStore } from '../../src/boot/device-store.ts'
import type { ReadyDevice } from '../../src/boot/ready-device.ts'
import { AppError } from '../../src/model/app-error.ts'

const device: ReadyDevice = {
  ...{ id: 1, token: 'token', tenantId: 1, mac: null, family: 'yealink', sealedAtMs: null, bookAddress: null },
  ...{ files: [], stored: new Map() },
}

/** A store whose reads are answered by hand. */
function openStore() {
  const reads: PromiseWithResolvers<ReadyDevice | null>[] = []
  const stale: unknown[] = []
  const load = () => {
    const read = Promise.withResolvers<ReadyDevice | null>()
    reads.push(read)
    return read.promise
  }
  const store = new DeviceStore({ load, limitBytes: 1e6, onStale: (error) => stale.push(error) })
  store.hears = true
  return { store, reads, stale, find: async () => store.find({ token: 'token' }) }
}

const unreachable = new AppError('database-unreachable', 'gone')

test('all who ask for a device at the same time wait for one reading, and the next one for none', async () => {
  const { store, reads, find } = openStore()
  const asked = [find(), find(), find()]
  expect(reads).toHaveLength(1)
  reads[0]!.resolve(device)
  for (const found of await Promise.all(asked)) expect(found!.id).toBe(1)
  expect(store.find({ token: 'token' })).not.toBeInstanceOf(Promise)
  expect(store.find({ id: 1 })).not.toBeInstanceOf(Promise)
})

test('who comes after a change does not get what was read before it', async () => {
  const { store, reads, find } = openStore()
  const before = find()
  store.outdate()
  const after = find()
  expect(reads).toHaveLength(2)
  reads[1]!.resolve({ ...device, family: 'new' })
  expect((await after)!.family).toBe('new')
  reads[0]!.resolve({ ...device, family: 'old' })
  await before
  expect(store.find({ token: 'token' })).toMatchObject({ family: 'new' })
})

test('what was known is served when it cannot be read anew, and only then', async () => {
  const { store, reads, stale, find } = openStore()
  const first = find()
  reads[0]!.resolve(device)
  await first
  store.outdate()
  const failing = find()
  reads[1]!.reject(unreachable)
  expect((await failing)!.id).toBe(1)
  expect(stale).toEqual([unreachable])
  const broken = find()
  reads[2]!.reject(new AppError('input-invalid', 'settings'))
  await expect(broken).rejects.toMatchObject({ code: 'input-invalid' })
  const gone = find()
  reads[3]!.resolve(null)
  expect(await gone).toBeNull()
  const unknown = find()
  reads[4]!.reject(unreachable)
  await expect(unknown).rejects.toBe(unreachable)
})

test('while no change is heard of, what is in memory is served without asking', async () => {
  const { store, reads, find } = openStore()
  const first = find()
  reads[0]!.resolve(device)
  await first
  store.outdate()
  store.hears = false
  expect(store.find({ token: 'token' })).toMatchObject({ id: 1 })
  store.hears = true
  expect(store.find({ token: 'token' })).toBeInstanceOf(Promise)
  reads[1]!.resolve(device)
})
