import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { claimMails, eraseOldMails } from '../../src/db/mail-queue.ts'
import { createPool, inTransaction } from '../../src/db/pool.ts'
import type { Tenant } from '../../src/db/tenants.ts'
import { drainMails } from '../../src/jobs/drain-mails.ts'
import { startMailWorker } from '../../src/jobs/mail-worker.ts'
import { openTransport } from '../../src/mail/transport.ts'
import { Secret } from '../../src/model/secret.ts'
import { queueAfterImport } from '../../src/people/after-import.ts'
import { listMails, resendMails } from '../../src/people/mails.ts'
import { openDesk } from '../people/open-desk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { LOGIN, openSmtp, type TestSmtp } from '../support/smtp.ts'

const SENDER = { name: 'Offhook', address: 'pbx@example.org', domain: 'example.org' }
const COUNTS = { new: 2, changed: 1, unchanged: 0, missing: 0, problem: 4 }
const DAYS = 86_400_000

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let owner: ReturnType<typeof createPool>
let smtp: TestSmtp
let importId: number
const closing: { close(): unknown }[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  owner = createPool(database.url, 'owner')
  const { rows } = await database.query(
    `insert into offhook.imports (tenant_id, source, actor, state, options, counts, problems)
     values ($1, 'people.csv', 'test', 'applied', '{}', '{}', '[]') returning id`,
    [desk.acme.id],
  )
  importId = (rows[0] as { id: number }).id
})
beforeEach(async () => {
  smtp = await openSmtp()
})
afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each.close()
  await smtp.stop()
  await database.query('delete from offhook.mails')
  for (const table of ['mailboxes', 'endpoints', 'extensions', 'users'])
    await database.query(`delete from offhook.${table}`)
  await database.query('delete from asterisk.voicemail')
})
afterAll(async () => {
  await owner.end()
  await desk.pool.end()
  await database.close()
})

function office() {
  return { pool: owner, vault: desk.vault, publicUrl: 'https://pbx.example.org', sipHost: 'sip.example.org' }
}

function openTestTransport(address = smtp.address) {
  const transport = openTransport(address, SENDER)
  closing.push(transport)
  return transport
}

function startWorker() {
  const log = { info: () => undefined, warn: () => undefined }
  const worker = startMailWorker({ url: database.url, office: office(), smtp: smtp.address, sender: SENDER, log })
  closing.push(worker)
  return worker
}

async function addUser(username: string, more: { email?: string | null; language?: string; password?: string } = {}) {
  const { rows } = await database.query(
    `insert into offhook.users (tenant_id, username, first_name, email, language) values ($1, $2, 'Ada', $3, $4) returning id`,
    [desk.acme.id, username, more.email === undefined ? `${username}@example.org` : more.email, more.language ?? null],
  )
  const { id } = rows[0] as { id: number }
  if (more.password !== undefined) {
    const place = { tenant: 'acme', table: 'offhook.users', row: String(id), column: 'password' }
    const sealed = desk.vault.seal(new Secret(more.password), place)
    await database.query('update offhook.users set password = $2 where id = $1', [id, sealed])
  }
  return id
}

async function addAccess(userId: number) {
  const insert = async (sql: string, values: unknown[]) =>
    ((await database.query(sql, values)).rows[0] as { id: number }).id
  const extension = await insert(
    `insert into offhook.extensions (tenant_id, user_id, number, label) values ($1, $2, '1001', 'Ada') returning id`,
    [desk.acme.id, userId],
  )
  const box = await insert(
    `insert into offhook.mailboxes (tenant_id, extension_id, number, pin) values ($1, $2, '1001', '') returning id`,
    [desk.acme.id, extension],
  )
  const seal = (text: string, table: string, id: number, column: string) =>
    desk.vault.seal(new Secret(text), { tenant: 'acme', table, row: String(id), column })
  await database.query('update offhook.mailboxes set pin = $2 where id = $1', [
    ...[box, seal('135790', 'offhook.mailboxes', box, 'pin')],
  ])
  await database.query(`insert into asterisk.voicemail (context, mailbox, password) values ('acme', '1001', '135790')`)
  const endpoint = await insert(
    `insert into offhook.endpoints (tenant_id, extension_id, name, kind, secret) values ($1, $2, '1001-acme', 'desk', '') returning id`,
    [desk.acme.id, extension],
  )
  await database.query('update offhook.endpoints set secret = $2 where id = $1', [
    ...[endpoint, seal('sip-secret-of-1001', 'offhook.endpoints', endpoint, 'secret')],
  ])
}

function queue(createdUserIds: number[], options: { mail?: 'none' | 'invitation' | 'welcome'; notify?: string } = {}) {
  return queueFor(desk.acme, createdUserIds, options)
}

function queueFor(
  tenant: Tenant,
  createdUserIds: number[],
  options: { mail?: 'none' | 'invitation' | 'welcome'; notify?: string },
) {
  return inTransaction(desk.pool, desk.acme.id, (client) =>
    queueAfterImport(client, desk.vault, {
      ...{ tenant, importId, source: 'people.csv', createdUserIds, counts: COUNTS, options },
    }),
  )
}

async function drain() {
  return drainMails(office(), openTestTransport())
}

function makeDue() {
  return database.query(`update offhook.mails set next_attempt_at = now() where state = 'queued'`)
}

async function listBodies() {
  return (await database.query('select state, body from offhook.mails order by id')).rows as object[]
}

test('new people are invited in their language, by a link that is stored only as its digest', async () => {
  const ids = [await addUser('ada', { language: 'de-CH' }), await addUser('bob'), await addUser('cy', { email: null })]
  expect(await queue(ids)).toBe(2)
  startWorker()
  const mails = await smtp.until(2)
  const ada = mails.find(({ to }) => to[0] === 'ada@example.org')!
  expect(ada.from).toBe('pbx@example.org')
  expect(ada.parsed).toMatchObject({ from: { name: 'Offhook' }, subject: 'Ihr Telefon bei Acme' })
  const link = /https:\/\/pbx\.example\.org\/invite\/([\w-]{43})\n/.exec(ada.parsed.text!)!
  expect(ada.parsed.html).toContain(`<a href="${link[0].trim()}">`)
  expect(ada.parsed.messageId).toMatch(/^<[0-9a-f-]{36}@example\.org>$/)
  expect(mails.find(({ to }) => to[0] === 'bob@example.org')!.parsed.subject).toBe('Your telephone at Acme')
  while ((await listBodies()).some((mail) => (mail as { state: string }).state !== 'sent')) await sleep(20)
  const dump = JSON.stringify([
    await listBodies(),
    (await database.query('select * from offhook.invitations')).rows,
    (await database.query('select * from offhook.audit')).rows,
  ])
  expect(dump).not.toContain(link[1])
  expect(await listBodies()).toEqual([
    { state: 'sent', body: null },
    { state: 'sent', body: null },
  ])
})

test('the tenant decides: nothing, an invitation, or a welcome with access data but never the SIP secret', async () => {
  const id = await addUser('ada', { password: 'temporary-password' })
  await addAccess(id)
  expect(await queueFor({ ...desk.acme, defaults: { mail: 'none' } }, [id], {})).toBe(0)
  await queueFor({ ...desk.acme, defaults: { mail: 'welcome' } }, [id], {})
  await queueFor({ ...desk.acme, defaults: {} }, [id], {})
  expect(await drain()).toMatchObject({ sent: 2, away: null })
  const [welcome, invitation] = smtp.mails.toSorted((a) => (a.parsed.subject!.startsWith('Your access') ? -1 : 1))
  for (const told of ['temporary-password', '135790', '1001-acme', 'sip.example.org']) {
    expect(welcome!.parsed.text).toContain(told)
  }
  expect(welcome!.parsed.text).not.toContain('/invite/')
  for (const secret of ['temporary-password', '135790']) expect(invitation!.raw).not.toContain(secret)
  for (const { raw } of smtp.mails) expect(raw).not.toContain('sip-secret-of-1001')
})

test('a PIN that its owner changed by phone is not told', async () => {
  const id = await addUser('ada')
  await addAccess(id)
  await database.query(`update asterisk.voicemail set password = '864209'`)
  await queue([id], { mail: 'welcome' })
  await drain()
  expect(smtp.mails[0]!.raw).not.toMatch(/135790|864209/)
  expect(smtp.mails[0]!.parsed.text).toContain('/invite/')
})

test('who asked for it is told when the import is done', async () => {
  await queue([], { notify: 'admin@example.org' })
  await drain()
  expect(smtp.mails[0]).toMatchObject({
    to: ['admin@example.org'],
    parsed: { subject: `Import ${importId} at Acme is done` },
  })
  for (const line of ['New: 2', 'Changed: 1', 'not applied: 4', `https://pbx.example.org/imports/${importId}`])
    expect(smtp.mails[0]!.parsed.text).toContain(line)
})

test('an import that is rolled back sends nothing', async () => {
  const id = await addUser('ada')
  const failed = inTransaction(desk.pool, desk.acme.id, async (client) => {
    const done = { tenant: desk.acme, importId, source: 'x', createdUserIds: [id], counts: COUNTS, options: {} }
    expect(await queueAfterImport(client, desk.vault, done)).toBe(1)
    throw new Error('rolled back')
  })
  await expect(failed).rejects.toThrow('rolled back')
  expect(await drain()).toMatchObject({ sent: 0 })
})

test('while the mail server is down mails wait; when it is back each is sent once', async () => {
  await smtp.stop()
  const worker = startWorker()
  await queue([await addUser('ada'), await addUser('bob')])
  while (worker.away() === null) await sleep(20)
  const [waiting] = await listMails(desk, desk.acme)
  expect(waiting).toMatchObject({ state: 'queued', last_error: expect.stringContaining('ECONNREFUSED') as string })
  await smtp.start()
  await makeDue()
  worker.wake()
  await smtp.until(2)
  await sleep(300)
  expect(smtp.mails.map(({ to }) => to[0]).sort()).toEqual(['ada@example.org', 'bob@example.org'])
}, 30_000)

test('a login that is refused is the server’s matter: mails wait, and no secret is told', async () => {
  await queue([await addUser('ada')])
  const wrong = openTestTransport({ ...smtp.address, secret: new Secret('canary-secret') })
  expect(await drainMails(office(), wrong)).toMatchObject({
    delayed: 1,
    away: expect.stringContaining('535') as string,
  })
  const [mail] = await listMails(desk, desk.acme)
  expect(mail).toMatchObject({ state: 'queued', last_error: 'The mail server refused our login (535)' })
  await makeDue()
  expect(await drain()).toMatchObject({ sent: 1 })
})

test('greylisting is waited out, in growing pauses, and not for ever', async () => {
  await queue([await addUser('ada')])
  smtp.refuse = () => ({ code: 451, text: 'greylisted, come back' })
  const pauses: number[] = []
  for (let attempt = 0; attempt < 3; attempt++) {
    expect(await drain()).toMatchObject({ delayed: 1, away: null })
    const { rows } = await database.query(
      'select round(extract(epoch from next_attempt_at - now()))::int as pause from offhook.mails',
    )
    pauses.push((rows[0] as { pause: number }).pause)
    expect(await drain(), 'nothing is due yet').toMatchObject({ delayed: 0 })
    await makeDue()
  }
  expect(pauses).toEqual([30, 60, 120])
  await database.query(`update offhook.mails set queued_at = $1`, [new Date(Date.now() - 6 * DAYS)])
  expect(await drain()).toMatchObject({ failed: 1 })
  expect(await listMails(desk, desk.acme)).toMatchObject([
    { state: 'failed', last_error: expect.stringMatching(/^Given up after five days: 451/) as string },
  ])
})

test('a recipient who is refused fails with the reason, alone; after a correction the mail is sent again', async () => {
  const ids = [await addUser('ada'), await addUser('bob')]
  await queue(ids)
  smtp.refuse = (address) => (address === 'ada@example.org' ? { code: 550, text: 'no such mailbox' } : undefined)
  expect(await drain()).toMatchObject({ sent: 1, failed: 1, away: null })
  const failed = await listMails(desk, desk.acme, { state: 'failed' })
  expect(failed).toMatchObject([
    { username: 'ada', last_error: expect.stringContaining('550 no such mailbox') as string },
  ])
  await database.query(`update offhook.users set email = 'ada.abel@example.org' where id = $1`, [ids[0]])
  expect(await resendMails(desk, desk.acme, { failed: true }, 'test')).toBe(1)
  expect(await drain()).toMatchObject({ sent: 1 })
  expect(smtp.mails.map(({ to }) => to[0])).toEqual(['bob@example.org', 'ada.abel@example.org'])
})

test('a server that takes a message and loses its answer gets it once more, under the same Message-ID', async () => {
  await queue([await addUser('ada')])
  let answers = 0
  smtp.refuseMessage = () => (answers++ === 0 ? { code: 451, text: 'lost' } : undefined)
  await drain()
  await makeDue()
  await drain()
  expect(smtp.mails).toHaveLength(2)
  expect(smtp.mails[0]!.parsed.messageId).toBe(smtp.mails[1]!.parsed.messageId)
  expect(smtp.mails[0]!.parsed.text).toBe(smtp.mails[1]!.parsed.text)
})

test('who dies with mails in hand leaves them to the next one', async () => {
  await queue([await addUser('ada')])
  expect(await claimMails(owner, 10, 600)).toHaveLength(1)
  expect(await drain(), 'somebody has it in hand').toMatchObject({ sent: 0 })
  await makeDue()
  expect(await drain()).toMatchObject({ sent: 1 })
})

test('of many workers one sends each mail', async () => {
  const ids = await Promise.all(Array.from({ length: 120 }, (_, at) => addUser(`user${at}`)))
  for (let each = 0; each < 4; each++) startWorker()
  await queue(ids)
  await smtp.until(120, 30_000)
  await sleep(300)
  expect(new Set(smtp.mails.map(({ to }) => to[0])).size).toBe(120)
  expect(smtp.mails).toHaveLength(120)
}, 60_000)

test('who was removed meanwhile gets nothing, and it is said', async () => {
  const id = await addUser('ada')
  await queue([id])
  await database.query('delete from offhook.users where id = $1', [id])
  expect(await drain()).toMatchObject({ sent: 0, failed: 1 })
  expect(await listMails(desk, desk.acme)).toMatchObject([{ state: 'failed', last_error: 'The person was removed' }])
})

test('a new link voids the one before, and two who resend at once send one mail', async () => {
  const ids = [await addUser('ada'), await addUser('bob')]
  await queue(ids)
  await drain()
  const { rows: before } = await database.query('select token_sha256 from offhook.invitations')
  const resent = await Promise.all([1, 2].map(() => resendMails(desk, desk.acme, { userIds: ids }, 'test')))
  expect(resent.sort()).toEqual([0, 2])
  await drain()
  expect(smtp.mails).toHaveLength(4)
  const { rows: after } = await database.query('select token_sha256 from offhook.invitations')
  expect(after).toHaveLength(2)
  expect(after).not.toEqual(expect.arrayContaining(before))
  expect(await resendMails(desk, desk.acme, { importId }, 'test')).toBe(2)
})

test('mails are forgotten when they are long over, never while they wait', async () => {
  await queue([await addUser('ada'), await addUser('bob'), await addUser('cy')])
  await database.query(`update offhook.mails set queued_at = now() - interval '91 days'`)
  await database.query(`update offhook.mails set state = 'failed' where recipient like 'bob%'`)
  await database.query(`update offhook.mails set state = 'sent', sent_at = now() where recipient like 'cy%'`)
  expect(await eraseOldMails(owner, 90)).toBe(1)
  expect((await listMails(desk, desk.acme)).map(({ username }) => username)).toEqual(['cy', 'ada'])
})

test('one tenant sees and resends nothing of another’s', async () => {
  const id = await addUser('ada')
  await queue([id])
  expect(await listMails(desk, desk.zeta)).toEqual([])
  expect(await resendMails(desk, desk.zeta, { userIds: [id] }, 'test')).toBe(0)
})

test('mails of 10,000 people are queued by one statement, in moments', async () => {
  await database.query(
    `insert into offhook.users (tenant_id, username, email)
     select $1, 'many' || n, 'many' || n || '@example.org' from generate_series(1, 10000) n`,
    [desk.acme.id],
  )
  const { rows } = await database.query('select id from offhook.users')
  const createdUserIds = (rows as { id: number }[]).map(({ id }) => id)
  let statements = 0
  await inTransaction(desk.pool, desk.acme.id, async (client) => {
    const counting = {
      query: (...words: unknown[]) => {
        statements++
        return (client.query as (...words: unknown[]) => unknown)(...words)
      },
    } as Pick<typeof client, 'query'>
    const done = { tenant: desk.acme, importId, source: 'x', createdUserIds, counts: COUNTS, options: {} }
    expect(await queueAfterImport(counting, desk.vault, done)).toBe(10_000)
  })
  expect(statements).toBe(1)
}, 30_000)

test('the login for the mail server is in no row', async () => {
  await queue([await addUser('ada')])
  smtp.refuse = () => ({ code: 550, text: 'no' })
  await drain()
  expect(JSON.stringify(await listMails(desk, desk.acme))).not.toContain(LOGIN.secret)
})
