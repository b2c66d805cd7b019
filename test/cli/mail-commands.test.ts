import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { openSmtp, type TestSmtp } from '../support/smtp.ts'
import { failure, openInstallation, some, text } from './open-installation.ts'
import { runOffhook, type Running, startOffhook } from './run-offhook.ts'

const PEOPLE = `extension,first_name,last_name,email,language,password
1001,Ada,Abel,ada@example.org,de,correct-horse-battery
1002,Ben,Bell,ben@example.org,,
1003,Cy,Clark,,,
`

let site: Awaited<ReturnType<typeof openInstallation>>
let smtp: TestSmtp
let environment: Record<string, string>
let server: Running
let people: string

beforeAll(async () => {
  site = await openInstallation()
  smtp = await openSmtp()
  const port = await findFreePorts(2)
  environment = {
    ...site.environment,
    ...{ OFFHOOK_HTTP_PORT: String(port), OFFHOOK_PHONES_PORT: String(port + 1) },
    ...{ OFFHOOK_SMTP_URL: smtp.url, OFFHOOK_MAIL_FROM: 'Offhook <pbx@example.org>' },
  }
  people = `http://127.0.0.1:${port}`
})
afterAll(async () => {
  await smtp.stop()
  await site.close()
})

async function offhook(...words: string[]): Promise<[number | null, unknown]> {
  const { code, stdout } = await runOffhook([...words, '--json'], environment)
  return [code, JSON.parse(stdout)]
}

test('from an import on the command line to a password that its owner chose', async () => {
  const file = site.file('people.csv', PEOPLE)
  expect(await offhook('import', file, '--apply')).toMatchObject([0, { state: 'applied' }])
  expect(await offhook('mail', 'list', '--state', 'queued')).toMatchObject([
    0,
    [
      { kind: 'invitation', state: 'queued', username: 'ben@example.org', import_id: some },
      { kind: 'invitation', state: 'queued', recipient: 'ada@example.org', attempts: 0 },
    ],
  ])
  server = startOffhook(['serve'], environment)
  const mails = await smtp.until(2)
  expect(mails.map(({ parsed }) => parsed.subject).sort()).toEqual([
    'Ihr Telefon bei Default',
    'Your telephone at Default',
  ])
  expect(JSON.stringify(mails)).not.toContain('correct-horse-battery')
  const link = /http:\S+\/invite\/\S+/.exec(mails.find(({ to }) => to[0] === 'ben@example.org')!.parsed.text!)![0]
  expect(link.startsWith(`${people}/invite/`)).toBe(true)
  expect((await fetch(link)).status).toBe(200)
  const body = new URLSearchParams({ password: 'long enough for Ben', repeat: 'long enough for Ben' })
  expect((await fetch(link, { method: 'POST', body })).status).toBe(200)
  expect((await fetch(link)).status).toBe(404)

  expect(await (await fetch(`${people}/readyz`)).json()).toMatchObject({ status: 'ok', mail: 'ok' })
  expect(await offhook('mail', 'resend', '--user', 'ADA@example.org')).toEqual([0, { mails: 1 }])
  await smtp.until(3)
  const client = new pg.Client({ connectionString: site.url })
  await client.connect()
  const readHashes = async () => {
    const { rows } = await client.query<{ username: string; none: boolean; password_must_change: boolean }>(
      'select username, password_hash is null as none, password_must_change from offhook.users order by 1',
    )
    return rows
  }
  const expected = [
    { username: 'ada@example.org', none: false, password_must_change: true },
    { username: 'ben@example.org', none: false, password_must_change: false },
  ]
  const isHashed = async () => (await readHashes()).some(({ username, none }) => username.startsWith('ada') && !none)
  for (let attempt = 0; attempt < 300 && !(await isHashed()); attempt++)
    await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await readHashes()).toEqual(expect.arrayContaining(expected))
  await client.end()
  server.child.kill('SIGTERM')
  const ended = await server.ended
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  for (const secret of [/invite\/[\w-]{20}/, /only-for-the-mail-server/, /correct-horse/, /long enough/])
    expect(ended.stdout).not.toMatch(secret)
}, 180_000)

test('what cannot be meant is refused by name; without a mail server it is said that mails wait', async () => {
  await site.each({
    'mail resend': [1, failure('input-invalid')],
    'mail resend --failed --import 1': [1, failure('input-invalid')],
    'mail resend --user nobody': [1, failure('input-invalid')],
    'mail resend --import x': [1, failure('input-invalid')],
    'mail list --state lost': [1, failure('input-invalid')],
    'mail list --import 1': [0, []],
  })
  expect((await site.offhook(['mail', 'list'])).stderr).toContain('OFFHOOK_SMTP_URL is not set: mails wait')
}, 180_000)

test('the token for voicemails stays until it is rotated', async () => {
  const [code, first] = await site.json('voicemail-token')
  expect([code, first]).toEqual([0, { token: expect.stringMatching(/^[\w-]{43}$/) as string }])
  expect(await site.json('voicemail-token')).toEqual([0, first])
  const [, rotated] = await site.json('voicemail-token', '--rotate')
  expect(rotated).toEqual({ token: text })
  expect(rotated).not.toEqual(first)
}, 180_000)
