import { verify } from '@node-rs/argon2'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPool } from '../../src/db/pool.ts'
import { readFigures } from '../../src/db/figures.ts'
import {
  eraseExpiredPasswords,
  readPasswordFaults,
  readUnhashed,
  setTemporaryHash,
} from '../../src/db/user-passwords.ts'
import { hashPasswords, startPasswordWorker } from '../../src/jobs/password-worker.ts'
import { Secret } from '../../src/model/secret.ts'
import { openDesk } from '../people/open-desk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let owner: ReturnType<typeof createPool>

beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  owner = createPool(database.url, 'owner')
})
beforeEach(() => database.query('delete from offhook.users').then(() => undefined))
afterAll(async () => {
  await owner.end()
  await desk.pool.end()
  await database.close()
})

async function addUser(username: string, password: string): Promise<number> {
  const { rows } = await database.query(
    'insert into offhook.users (tenant_id, username) values ($1, $2) returning id',
    [desk.acme.id, username],
  )
  const { id } = rows[0] as { id: number }
  await setPassword(id, password)
  return id
}

async function setPassword(id: number, password: string): Promise<void> {
  const place = { tenant: 'acme', table: 'offhook.users', row: String(id), column: 'password' }
  const sealed = desk.vault.seal(new Secret(password), place)
  await database.query('update offhook.users set password = $2 where id = $1', [id, sealed])
}

async function readUser(id: number) {
  const { rows } = await database.query('select * from offhook.users where id = $1', [id])
  return rows[0] as { password: Buffer | null; password_hash: string | null; password_must_change: boolean }
}

test('temporary passwords are hashed by the job, must be changed, and stay sealed until they expire', async () => {
  const ids = [await addUser('ada', 'password-of-ada'), await addUser('bob', 'password-of-bob')]
  const log = { info: () => undefined, warn: () => undefined }
  const worker = startPasswordWorker({ url: database.url, pool: owner, vault: desk.vault, log })
  while ((await readUnhashed(owner, 1)).length > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  await worker.close()
  const [ada, bob] = [await readUser(ids[0]!), await readUser(ids[1]!)]
  expect(ada).toMatchObject({ password_must_change: true, password: expect.any(Buffer) as Buffer })
  expect(await verify(ada.password_hash!, 'password-of-ada')).toBe(true)
  expect(await verify(bob.password_hash!, 'password-of-bob')).toBe(true)
  expect(await eraseExpiredPasswords(owner, 14)).toBe(0)
  await database.query(`update offhook.users set password_at = now() - interval '15 days' where id = $1`, [ids[0]])
  expect(await eraseExpiredPasswords(owner, 14)).toBe(1)
  expect(await readUser(ids[0]!)).toMatchObject({ password: null, password_hash: null })
  expect((await readUser(ids[1]!)).password_hash).toBe(bob.password_hash)
})

test('a new temporary password replaces the hash of the one before', async () => {
  const id = await addUser('ada', 'the-first-one')
  await hashPasswords(owner, desk.vault)
  await setPassword(id, 'the-second-one')
  expect((await readUser(id)).password_hash).toBeNull()
  expect(await hashPasswords(owner, desk.vault)).toEqual({ hashed: 1, faults: [] })
  expect(await verify((await readUser(id)).password_hash!, 'the-second-one')).toBe(true)
})

test('a hash of a password that was replaced meanwhile is dropped', async () => {
  const id = await addUser('ada', 'the-first-one')
  const [read] = await readUnhashed(owner, 1)
  await setPassword(id, 'the-second-one')
  await setTemporaryHash(owner, read!, 'hash of the first')
  expect((await readUser(id)).password_hash).toBeNull()
})

test('hashing does not empty the memory of rendered configurations', async () => {
  await addUser('ada', 'the-first-one')
  const client = await owner.connect()
  const heard: string[] = []
  client.on('notification', ({ channel }) => heard.push(channel))
  await client.query('listen offhook_phones')
  await hashPasswords(owner, desk.vault)
  await client.query('select 1')
  expect(heard).toEqual([])
  await database.query(`update offhook.users set language = 'de'`)
  await client.query('select 1')
  expect(heard).toEqual(['offhook_phones'])
  client.release(true)
})

test('a password that cannot be opened holds up no other, is told of once, and is used once it can be opened', async () => {
  const lost = await addUser('ada', 'password-of-ada')
  const { rows } = await database.query('select password from offhook.users where id = $1', [lost])
  const { password } = (rows as { password: Buffer }[])[0]!
  const broken = Buffer.concat([password.subarray(0, -1), Buffer.of(password.at(-1)! ^ 1)])
  await database.query('update offhook.users set password = $2 where id = $1', [lost, broken])
  // More than one page of them before somebody who is well.
  await database.query(
    `insert into offhook.users (tenant_id, username, password) select $1, 'lost' || n, $2 from generate_series(1, 30) n`,
    [desk.acme.id, broken],
  )
  const bob = await addUser('bob', 'password-of-bob')
  const first = await hashPasswords(owner, desk.vault)
  expect([first.hashed, first.faults.length]).toEqual([1, 31])
  expect((await readUser(bob)).password_hash).not.toBeNull()
  expect(await hashPasswords(owner, desk.vault)).toEqual({ hashed: 0, faults: [] })
  expect(await readPasswordFaults(owner, 1)).toEqual({ count: 31, first: [{ tenant: 'acme', username: 'ada' }] })
  const figures = await readFigures(owner, 2_000)
  expect(figures).toContainEqual({ name: 'password_faults', label: '', value: 31 })
  await database.query('update offhook.users set password = $2 where id = $1', [lost, password])
  expect(await hashPasswords(owner, desk.vault)).toEqual({ hashed: 1, faults: [] })
  expect(await readPasswordFaults(owner, 1)).toMatchObject({ count: 30 })
})
