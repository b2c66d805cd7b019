import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listen } from '../../src/db/listen.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => (database = await createTestDatabase({ migrated: false })))
afterAll(() => database.close())

test('who listens can stop at any moment, also while the connection is being made', async () => {
  const ignore = { notification: () => undefined, connect: () => undefined }
  const closed = await Promise.all(
    Array.from({ length: 20 }, async (_, at) => {
      const listener = listen(database.url, 'offhook_phones', ignore)
      if (at > 0) await sleep(at)
      return Promise.race([listener.close().then(() => 'closed'), sleep(5_000).then(() => `hangs after ${at} ms`)])
    }),
  )
  expect(closed).toEqual(closed.map(() => 'closed'))
})
