import { expect, test } from 'vitest'
import { Lookups } from '../../src/boot/lookups.ts'

type Read = { keys: readonly number[] } & Pick<PromiseWithResolvers<(string | null)[]>, 'resolve' | 'reject'>

function open() {
  const reads: Read[] = []
  const lookups = new Lookups<number, string>((keys) => {
    const { promise, resolve, reject } = Promise.withResolvers<(string | null)[]>()
    reads.push({ keys, resolve, reject })
    return promise
  })
  return { reads, lookups }
}

const name = (key: number) => (key % 10 === 0 ? null : `n${key}`)
const range = (count: number) => Array.from({ length: count }, (_, at) => at)

test('one alone is looked up at once; many that wait for it are looked up together, each gets its own', async () => {
  const { reads, lookups } = open()
  const found = range(1_000).map((key) => lookups.find(key))
  expect(reads.map(({ keys }) => keys)).toEqual([[0], [1], [2], [3]])
  let answered = 0
  while (answered < reads.length) {
    const { keys, resolve } = reads[answered++]!
    resolve(keys.map(name))
    await Promise.resolve().then(() => new Promise(setImmediate))
    expect(reads.length - answered).toBeLessThanOrEqual(4)
  }
  expect(await Promise.all(found)).toEqual(range(1_000).map(name))
  expect(reads.length).toBeLessThan(4 + 1_000 / 4)
})

test('who waits behind a reading that fails fails with it, who comes later is looked up anew', async () => {
  const { reads, lookups } = open()
  const first = range(4).map((key) => lookups.find(key))
  const behind = range(20).map((key) => lookups.find(key))
  reads[0]!.resolve(['n0'])
  expect(await first[0]).toBe('n0')
  const later = lookups.find(99)
  reads[4]!.reject(new Error('away'))
  const outcomes = await Promise.allSettled(behind)
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
  expect(reads[5]!.keys).toEqual([99])
  reads[5]!.resolve(['later'])
  expect(await later).toBe('later')
})
