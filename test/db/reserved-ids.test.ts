import { afterAll, expect, test } from 'vitest'
import { createPool, inTransaction } from '../../src/db/pool.ts'
import { ReservedIds, UnseenIds } from '../../src/db/reserved-ids.ts'
import { createTestDatabase } from '../support/database.ts'

const EACH = 2_000
const ROUNDS = 20

const database = await createTestDatabase()
const pool = createPool(database.url, 'owner')
afterAll(async () => {
  await pool.end()
  await database.close()
})

function reserve(): Promise<number[]> {
  return inTransaction(pool, null, async (client) => {
    const ids = new ReservedIds()
    const taken: number[] = []
    for (let round = 1; round <= ROUNDS; round++) {
      await ids.reserve(client, EACH)
      // One that a row takes by itself.
      await client.query(`select nextval('ids')`)
      while (taken.length < round * EACH) taken.push(ids.next())
    }
    return taken
  })
}

test('who takes ids at the same time as others gets none of theirs', async () => {
  const all = (await Promise.all([reserve(), reserve(), reserve(), reserve()])).flat()
  expect(all).toHaveLength(4 * ROUNDS * EACH)
  expect(new Set(all).size).toBe(all.length)
})

test('more than was reserved is an error, and none takes none', async () => {
  const ids = new ReservedIds()
  await ids.reserve({ query: () => expect.unreachable() } as never, 0)
  expect(() => ids.next()).toThrow('more ids are needed than were reserved')
})

test('what nobody writes has ids that no row has', async () => {
  const ids = new UnseenIds()
  await ids.reserve()
  expect([ids.next(), ids.next()]).toEqual([-1, -2])
})
