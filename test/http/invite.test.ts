import { verify } from '@node-rs/argon2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertInvitation } from '../../src/db/invitations.ts'
import { createPool } from '../../src/db/pool.ts'
import { trustProxies } from '../../src/http/client-address.ts'
import { createInviteRouter } from '../../src/http/invite.ts'
import type { RunningListener } from '../../src/http/listening.ts'
import { startPeopleListener } from '../../src/http/people-listener.ts'
import { digestLinkToken, generateLinkToken } from '../../src/secrets/link-token.ts'
import { openDesk } from '../people/open-desk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const PASSWORD = 'a long enough <password>'

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let owner: ReturnType<typeof createPool>
let listener: RunningListener
let people = 0

beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  owner = createPool(database.url, 'owner')
  listener = await open(1000)
})
afterAll(async () => {
  await listener.close()
  await owner.end()
  await desk.pool.end()
  await database.close()
})

function open(perQuarterHour: number): Promise<RunningListener> {
  const router = createInviteRouter({ owner, app: desk.pool, addressOf: trustProxies([]), perQuarterHour })
  return startPeopleListener({ address: '127.0.0.1', port: 0, ready: {}, routers: [router] })
}

async function invite(language: string | null = null): Promise<{ userId: number; token: string }> {
  const { rows } = await database.query(
    `insert into offhook.users (tenant_id, username, language, password) values ($1, $2, $3, 'sealed') returning id`,
    [desk.acme.id, `user${++people}`, language],
  )
  const userId = (rows[0] as { id: number }).id
  const token = generateLinkToken().reveal()
  await insertInvitation(owner, { tenantId: desk.acme.id, userId, tokenSha256: digestLinkToken(token)!, days: 14 })
  return { userId, token }
}

function ask(token: string, at = listener, headers: Record<string, string> = {}) {
  return fetch(`http://127.0.0.1:${at.port}/invite/${token}`, { headers })
}

function choose(token: string, password: string, repeat = password) {
  const body = new URLSearchParams({ password, repeat })
  return fetch(`http://127.0.0.1:${listener.port}/invite/${token}`, { method: 'POST', body })
}

async function readUser(userId: number) {
  const { rows } = await database.query('select * from offhook.users where id = $1', [userId])
  return rows[0] as { password: Buffer | null; password_hash: string | null; password_must_change: boolean }
}

test('who was invited chooses a password, once; it is kept as Argon2id and the temporary one is erased', async () => {
  const { userId, token } = await invite('de')
  const page = await ask(token)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('<html lang="de">')
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(page.headers.get('content-security-policy')).toContain("form-action 'self'")
  const done = await choose(token, PASSWORD)
  expect([done.status, (await done.text()).includes('Ihr Passwort ist gesetzt')]).toEqual([200, true])
  const user = await readUser(userId)
  expect(user).toMatchObject({ password: null, password_must_change: false })
  expect(user.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await verify(user.password_hash!, PASSWORD)).toBe(true)
  expect((await ask(token)).status).toBe(404)
  expect((await choose(token, 'another long password')).status).toBe(404)
  expect((await readUser(userId)).password_hash).toBe(user.password_hash)
  const { rows } = await database.query('select * from offhook.audit')
  expect(rows).toMatchObject([{ action: 'accept invitation', object: `user ${userId}` }])
})

test('wrong, used, expired and malformed links get the same answer', async () => {
  const [used, expired] = [await invite(), await invite()]
  await choose(used.token, PASSWORD)
  await database.query(`update offhook.invitations set expires_at = now() where user_id = $1`, [expired.userId])
  const tokens = [used.token, expired.token, generateLinkToken().reveal(), 'x', '%F0%9F%92%A9', "';--"]
  const answers = await Promise.all(
    tokens
      .flatMap((token) => [ask(token), choose(token, PASSWORD)])
      .map(async (answer) => {
        const response = await answer
        return [response.status, await response.text()]
      }),
  )
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(answers[0]).toEqual([404, expect.stringContaining('This link does not work') as string])
  expect(await (await ask('x', listener, { 'Accept-Language': 'fr-CH' })).text()).toContain('Ce lien')
  expect((await readUser(expired.userId)).password_hash).toBeNull()
})

test('a password that is short, long, or typed in two ways is not taken, and the link stays good', async () => {
  const { userId, token } = await invite()
  for (const bad of ['', 'eleven chrs', 'x'.repeat(129), '💩'.repeat(11)]) {
    const answer = await choose(token, bad)
    expect([answer.status, (await answer.text()).includes('12 to 128')], bad).toEqual([422, true])
  }
  const differ = await choose(token, PASSWORD, `${PASSWORD}!`)
  expect(differ.status).toBe(422)
  expect(await differ.text()).not.toContain(PASSWORD)
  const both = `password=${PASSWORD}&password=${PASSWORD}`
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const address = `http://127.0.0.1:${listener.port}/invite/${token}`
  expect((await fetch(address, { method: 'POST', body: both, headers })).status).toBe(422)
  expect((await fetch(address, { method: 'POST', body: 'x'.repeat(5000), headers })).status).toBe(413)
  expect((await fetch(address, { method: 'POST' })).status).toBe(422)
  expect((await readUser(userId)).password_hash).toBeNull()
  expect((await choose(token, PASSWORD)).status).toBe(200)
})

test('of many who use a link at once, one sets the password', async () => {
  const { userId, token } = await invite()
  const passwords = Array.from({ length: 8 }, (_, at) => `${PASSWORD} ${at}`)
  const answers = await Promise.all(passwords.map((password) => choose(token, password)))
  const winners = answers.flatMap(({ status }, at) => (status === 200 ? [passwords[at]!] : []))
  expect(winners).toHaveLength(1)
  expect(await verify((await readUser(userId)).password_hash!, winners[0]!)).toBe(true)
})

test('an address that asks too often is told to wait', async () => {
  const strict = await open(3)
  const { token } = await invite()
  const statuses: number[] = []
  for (let attempt = 0; attempt < 5; attempt++)
    statuses.push((await ask(token, strict, { 'X-Forwarded-For': `192.0.2.${attempt}` })).status)
  expect(statuses).toEqual([200, 200, 200, 429, 429])
  await strict.close()
})
