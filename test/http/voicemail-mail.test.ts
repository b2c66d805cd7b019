import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPool } from '../../src/db/pool.ts'
import { provideVoicemailToken } from '../../src/db/voicemail-token.ts'
import type { RunningListener } from '../../src/http/listening.ts'
import { startPeopleListener } from '../../src/http/people-listener.ts'
import { createVoicemailRouter } from '../../src/http/voicemail-mail.ts'
import { drainMails } from '../../src/jobs/drain-mails.ts'
import { openTransport } from '../../src/mail/transport.ts'
import { openDesk } from '../people/open-desk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openSmtp, type TestSmtp } from '../support/smtp.ts'

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let owner: ReturnType<typeof createPool>
let listener: RunningListener
let token: string
let smtp: TestSmtp

beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  owner = createPool(database.url, 'owner')
  smtp = await openSmtp()
})
beforeEach(async () => {
  const router = createVoicemailRouter({ owner, app: desk.pool, vault: desk.vault, log: { warn: () => undefined } })
  listener = await startPeopleListener({ address: '127.0.0.1', port: 0, ready: {}, routers: [router] })
  token = (await provideVoicemailToken(owner, desk.vault, false)).reveal()
})
afterEach(async () => {
  await listener.close()
  await database.query('delete from offhook.mails')
})
afterAll(async () => {
  await smtp.stop()
  await owner.end()
  await desk.pool.end()
  await database.close()
})

/** As app_voicemail writes it: bare line feeds. */
function message(more: { box?: string; to?: string; id?: string; body?: string } = {}): string {
  const id = more.id === undefined ? 'Message-ID: <Asterisk-1-77-1001-5@pbx1>\n' : more.id
  return `Date: Sun, 22 Nov 2026 05:00:00 +0000\nFrom: Asterisk PBX <asterisk@pbx.test>\nTo: ${more.to ?? '"Ada Abel" <ada@example.org>'}
Subject: New voicemail 1 in mailbox ${more.box ?? '1001 of acme'}\n${id}MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8\n\n${more.body ?? '.hidden dot\nJürgen has called\n'}`
}

async function post(body: string, options: { token?: string; type?: string } = {}): Promise<number> {
  const headers = {
    Authorization: `Bearer ${options.token ?? token}`,
    'Content-Type': options.type ?? 'message/rfc822',
  }
  return (await fetch(`http://127.0.0.1:${listener.port}/voicemail-mails`, { method: 'POST', body, headers })).status
}

async function stored(): Promise<object[]> {
  return (await database.query('select * from offhook.mails order by id')).rows as object[]
}

test('a voicemail is stored sealed, once however often it comes, and sent as it was', async () => {
  expect([await post(message()), await post(message())]).toEqual([204, 204])
  const rows = await stored()
  expect(rows).toMatchObject([
    { tenant_id: desk.acme.id, kind: 'voicemail', recipient: 'ada@example.org', state: 'queued' },
  ])
  expect((rows[0] as { body: Buffer }).body.toString('latin1')).not.toContain('has called')
  const transport = openTransport(smtp.address, { name: '', address: 'pbx@example.org', domain: 'example.org' })
  const office = { pool: owner, vault: desk.vault, publicUrl: '', sipHost: '' }
  expect(await drainMails(office, transport)).toMatchObject({ sent: 1 })
  transport.close()
  const [mail] = smtp.mails
  expect(mail).toMatchObject({ from: 'pbx@example.org', to: ['ada@example.org'] })
  expect(mail!.parsed).toMatchObject({
    ...{ messageId: '<Asterisk-1-77-1001-5@pbx1>', subject: 'New voicemail 1 in mailbox 1001 of acme' },
    text: '.hidden dot\nJürgen has called\n',
  })
  expect(await stored()).toMatchObject([{ state: 'sent', body: null }])
  expect(await post(message()), 'sent and erased, and still known').toBe(204)
  expect(await stored()).toHaveLength(1)
})

test('messages without an id of their own are told apart by what they say', async () => {
  for (const body of ['one', 'two', 'one']) expect(await post(message({ id: '', body }))).toBe(204)
  expect(await stored()).toHaveLength(2)
})

test('whoever does not know the token is refused before anything is read', async () => {
  for (const wrong of ['', 'x', `${token}x`, token.slice(1)]) expect(await post(message(), { token: wrong })).toBe(401)
  expect(await post('x'.repeat(21 * 1024 * 1024), { token: 'x' }).catch(() => 401)).toBe(401)
  const rotated = (await provideVoicemailToken(owner, desk.vault, true)).reveal()
  expect(await post(message())).toBe(401)
  expect(await post(message(), { token: rotated })).toBe(204)
  const { rows } = await database.query('select * from offhook.installation')
  expect(JSON.stringify(rows)).not.toContain(rotated)
})

test('what will never be taken is told apart from what may be tried again', async () => {
  expect(await post(message({ box: '1001 of nobody' }))).toBe(422)
  expect(await post(message({ box: 'x' }))).toBe(422)
  expect(await post(message({ to: 'nobody' }))).toBe(422)
  expect(await post('')).toBe(422)
  expect(await post(message(), { type: 'text/plain' })).toBe(422)
  expect(await post(message({ body: 'x'.repeat(20 * 1024 * 1024) }))).toBe(413)
  await database.query('alter table offhook.mails rename to hidden')
  expect(await post(message())).toBe(500)
  await database.query('alter table offhook.hidden rename to mails')
  expect(await stored()).toEqual([])
})
