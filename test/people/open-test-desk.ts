import { afterAll } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { openDesk } from './open-desk.ts'

/** A desk on a database of its own, closed when the test file ends. */
export async function openTestDesk() {
  const database = await createTestDatabase()
  const desk = await openDesk(database)
  afterAll(async () => {
    await desk.pool.end()
    await database.close()
  })
  return { database, desk }
}
