import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createPool } from '../../src/db/pool.ts'
import { provideVoicemailToken } from '../../src/db/voicemail-token.ts'
import type { RunningListener } from '../../src/http/listening.ts'
import { startPeopleListener } from '../../src/http/people-listener.ts'
import { createVoicemailRouter } from '../../src/http/voicemail-mail.ts'
import { startMailWorker } from '../../src/jobs/mail-worker.ts'
import { applyImport } from '../../src/people/import-people.ts'
import { openDesk } from '../people/open-desk.ts'
import { readSipPasswords } from '../people/sip-passwords.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { type RunningAsterisk, startAsterisk } from '../support/asterisk/start-asterisk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { bundle } from '../support/debian/bundle.ts'
import { SipPhone } from '../support/sip/phone.ts'
import { openSmtp, type TestSmtp } from '../support/smtp.ts'

const SCRIPT = resolve(import.meta.dirname, '../../asterisk/offhook-mail')
/** Longer than `minsecs` in asterisk/voicemail.conf. */
const MESSAGE_MS = 2_000

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'offhook-mail-'))
const conf = join(folder, 'mail.conf')
const spool = join(folder, 'spool')

/** With curl, which the script needs and this machine may not have. */
let path: string
let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let owner: ReturnType<typeof createPool>
let asterisk: RunningAsterisk
let smtp: TestSmtp
let port: number
let worker: ReturnType<typeof startMailWorker>
let listener: RunningListener | null = null

beforeAll(async () => {
  const command = join(folder, 'mail')
  path = `${dirname((await bundle('tools')).program('curl'))}:${process.env['PATH']}`
  database = await createTestDatabase()
  desk = await openDesk(database)
  owner = createPool(database.url, 'owner')
  smtp = await openSmtp()
  port = await findFreePorts(1)
  const tokenFile = join(folder, 'token')
  writeFileSync(tokenFile, `${(await provideVoicemailToken(owner, desk.vault, false)).reveal()}\n`)
  writeFileSync(conf, `OFFHOOK_URL=http://127.0.0.1:${port}\nOFFHOOK_TOKEN_FILE=${tokenFile}\nOFFHOOK_SPOOL=${spool}\n`)
  // Asterisk takes no more than 159 characters (app_voicemail.c: mailcmd).
  writeFileSync(command, `#!/bin/sh\nPATH='${path}' OFFHOOK_MAIL_CONF='${conf}' exec '${SCRIPT}' "$@"\n`, {
    mode: 0o700,
  })
  asterisk = await startAsterisk({
    ...{ database: database.asterisk, realm: desk.installation.realm, tenants: ['acme'] },
    mailCommand: command,
  })
  await applyImport(desk, {
    ...{ tenant: desk.acme, source: 'people.csv', actor: 'test', options: {} },
    input: {
      kind: 'text',
      text: 'extension,first_name,last_name,email\n1001,Jürgen,Abel,abel@example.org\n1002,Ben,Bell,\n',
    },
  })
  await database.query('delete from offhook.mails')
  const office = { pool: owner, vault: desk.vault, publicUrl: '', sipHost: '' }
  const sender = { name: 'Offhook', address: 'pbx@example.org', domain: 'example.org' }
  const log = { info: () => undefined, warn: () => undefined }
  worker = startMailWorker({ url: database.url, office, smtp: smtp.address, sender, log })
})
afterEach(async () => {
  await listener?.close()
  listener = null
  smtp.mails.length = 0
})
afterAll(async () => {
  await asterisk.stop()
  await worker.close()
  await smtp.stop()
  await owner.end()
  await desk.pool.end()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

async function startOffhook(): Promise<void> {
  const log = { warn: () => undefined }
  const router = createVoicemailRouter({ owner, app: desk.pool, vault: desk.vault, log })
  listener = await startPeopleListener({ address: '127.0.0.1', port, ready: {}, routers: [router] })
}

/** 1002 calls 1001, who is not there, and leaves a message. */
async function leaveMessage(): Promise<void> {
  const passwords = await readSipPasswords(desk, desk.acme)
  const where = { host: asterisk.host, port: asterisk.sipPort }
  const caller = await SipPhone.open({ ...where, user: '1002-acme', password: passwords.get('1002-acme')! })
  await caller.register()
  const out = await caller.call('1001', { tone: 1000 })
  await out.answered()
  await out.sendDigits('#')
  await pause(MESSAGE_MS + 1_000)
  await out.hangUp()
  await caller.close()
}

/** Processes that have this file open. */
function holdersOf(file: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const holds = (pid: string) => {
    try {
      const open = readdirSync(`/proc/${pid}/fd`)
      return open.some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === file)
    } catch {
      return false // ended meanwhile, or somebody else's
    }
  }
  return pids.filter(holds).map(Number)
}

function waiting(): string[] {
  return readdirSync(join(spool, 'new'))
}

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 15_000
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within 15 s: ${what}`)
    await pause(20)
  }
}

test('a voicemail arrives as a mail with the recording, from Asterisk through Offhook', async () => {
  await startOffhook()
  await leaveMessage()
  const [mail] = await smtp.until(1)
  expect(mail).toMatchObject({ from: 'pbx@example.org', to: ['abel@example.org'] })
  expect(mail!.parsed.to).toMatchObject([{ address: 'abel@example.org', name: 'Jürgen Abel' }])
  expect(mail!.parsed.subject).toBe('New voicemail 1 in mailbox 1001 of acme')
  expect(mail!.parsed.messageId).toMatch(/^<Asterisk-/)
  const [recording] = mail!.parsed.attachments
  expect(recording).toMatchObject({ filename: 'msg0000.wav', mimeType: 'audio/x-wav' })
  const bytes = Buffer.from(recording!.content as ArrayBuffer)
  expect(bytes.subarray(0, 4).toString()).toBe('RIFF')
  // 8,000 samples of two bytes a second
  expect(bytes.length).toBeGreaterThan(MESSAGE_MS * 16)
  await until(() => waiting().length === 0, 'the spool is empty')
  const readMails = () =>
    database.query('select username, state, body from offhook.mails m join offhook.users u on u.id = m.user_id')
  // The mail server has it a moment before it is noted.
  await expect
    .poll(async () => (await readMails()).rows as unknown, { timeout: 10_000 })
    .toEqual([{ username: 'abel@example.org', state: 'sent', body: null }])
}, 60_000)

test('while Offhook is down messages wait in the spool, over the death of the flusher, and are sent once', async () => {
  await leaveMessage()
  await leaveMessage()
  await until(() => waiting().length === 2, 'both are in the spool')
  // As after a reboot: nobody is at it any more.
  const flushers = holdersOf(join(spool, 'lock'))
  expect(flushers).not.toEqual([])
  for (const pid of flushers) process.kill(pid, 'SIGKILL')
  expect(smtp.mails).toEqual([])
  await startOffhook()
  const env = { ...process.env, PATH: path, OFFHOOK_MAIL_CONF: conf }
  await Promise.all([1, 2, 3].map(() => run(SCRIPT, ['--flush'], { env })))
  await smtp.until(2)
  await pause(500)
  expect(smtp.mails.map(({ parsed }) => parsed.messageId)).toHaveLength(2)
  expect(new Set(smtp.mails.map(({ parsed }) => parsed.messageId)).size).toBe(2)
  expect(waiting()).toEqual([])
}, 60_000)

test('while the mail server is down Offhook keeps the message, and the flusher is done', async () => {
  await startOffhook()
  await smtp.stop()
  await leaveMessage()
  await until(async () => {
    const { rows } = await database.query(
      `select last_error from offhook.mails where state = 'queued' and last_error is not null`,
    )
    return rows.length === 1
  }, 'it waits in the queue')
  expect(waiting()).toEqual([])
  await smtp.start()
  await database.query(`update offhook.mails set next_attempt_at = now() where state = 'queued'`)
  worker.wake()
  expect((await smtp.until(1))[0]!.parsed.attachments).toHaveLength(1)
}, 60_000)

test('what Offhook will never take is set aside, and holds nothing up', async () => {
  await startOffhook()
  const env = { ...process.env, PATH: path, OFFHOOK_MAIL_CONF: conf }
  const hand = (text: string) => {
    const handed = run(SCRIPT, [], { env })
    handed.child.stdin!.end(text)
    return handed
  }
  const good = 'To: abel@example.org\nMessage-ID: <a@b>\nSubject: New voicemail 1 in mailbox 1001 of acme\n\nx\n'
  await hand(good.replace('of acme', 'of nobody'))
  await hand(good)
  await smtp.until(1)
  await until(() => waiting().length === 0, 'the spool is empty')
  expect(readdirSync(join(spool, 'rejected'))).toHaveLength(1)
  await expect(hand('')).rejects.toMatchObject({ code: 1 })
  expect(readdirSync(join(spool, 'tmp'))).toEqual([])
}, 60_000)
