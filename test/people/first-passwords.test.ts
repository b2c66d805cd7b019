import { afterAll, expect, test } from 'vitest'
import { createPool } from '../../src/db/pool.ts'
import { setOwnPassword } from '../../src/db/user-passwords.ts'
import { hashPasswords } from '../../src/jobs/password-worker.ts'
import { changePerson } from '../../src/people/import-person.ts'
import { undoImport } from '../../src/people/undo-import.ts'
import { importCsv } from './import-csv.ts'
import { openTestDesk } from './open-test-desk.ts'

const { database, desk } = await openTestDesk()
const owner = createPool(database.url, 'owner', { max: 2 })
afterAll(() => owner.end())
const LIST = 'extension,first_name,password\n1001,Ada,correct-horse\n1002,Bob,battery-staple\n'

async function readAda() {
  const { rows } = await database.query(
    `select id, password, password_hash, password_must_change from offhook.users where first_name = 'Ada'`,
  )
  return rows[0] as { id: number; password: Buffer | null; password_hash: string | null; password_must_change: boolean }
}

test('the password of a list is the first one: who has chosen another since is not changed by the same list', async () => {
  await importCsv(desk, desk.acme, LIST)
  await hashPasswords(owner, desk.vault)
  expect((await importCsv(desk, desk.acme, LIST, { update: true })).counts).toMatchObject({ changed: 0, unchanged: 2 })

  const { id } = await readAda()
  await setOwnPassword(owner, id, 'the hash of what she chose')
  const own = await readAda()
  const again = await importCsv(desk, desk.acme, LIST, { update: true })
  expect(again.counts).toMatchObject({ changed: 0, unchanged: 2 })
  const other = await importCsv(desk, desk.acme, LIST.replace('correct-horse', 'another-one'), { update: true })
  expect(other.counts).toMatchObject({ changed: 0, unchanged: 2 })
  expect(await readAda()).toEqual(own)

  // Who has not chosen one yet gets another first one.
  const bob = await importCsv(desk, desk.acme, LIST.replace('battery-staple', 'another-one'), { update: true })
  expect(bob.counts).toMatchObject({ changed: 1, unchanged: 1 })

  // One person by hand is another matter: that is meant.
  const done = await changePerson(desk, desk.acme, id, { password: 'set-by-an-admin' }, 'test')
  expect(done).toMatchObject({ import: expect.any(Number) as number, problems: [] })
  expect(await readAda()).toMatchObject({ password: expect.any(Buffer) as Buffer, password_hash: null })
  await undoImport(desk, desk.acme, done.import!, 'test')
  expect((await readAda()).password).toBeNull()
})
