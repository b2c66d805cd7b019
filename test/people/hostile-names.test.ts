import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseAmiUrl } from '../../src/asterisk/ami/address.ts'
import { AmiClient } from '../../src/asterisk/ami/client.ts'
import { decodeRealtime, encodeRealtime } from '../../src/asterisk/realtime.ts'
import { applyImport } from '../../src/people/import-people.ts'
import { type RunningAsterisk, startAsterisk } from '../support/asterisk/start-asterisk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { SipPhone } from '../support/sip/phone.ts'
import { openDesk } from './open-desk.ts'
import { readSipPasswords } from './sip-passwords.ts'

/** Each is a name that somebody has, or that somebody will try. */
const TAKEN = [
  'O"Brien & <Söhne>;^${SHELL(id)}',
  '"',
  '""',
  '"Ada"',
  '\\',
  '\\\\"',
  'a\\nb',
  '<',
  '>',
  '<1002>',
  'Ada <1002>',
  '"Ada" <1002>',
  'Ada" <911>, "Ben',
  "O'Brien",
  "Robert'); drop table users;--",
  ';',
  'a;b;c',
  '^3B',
  '^5E^',
  '^^',
  '^00',
  '${CALLERID(num)}',
  '$[1+1]',
  '$',
  '%s%n%00',
  '%22',
  '&amp;',
  'A & B',
  'Ada, Countess',
  '|x|',
  '()[]{}',
  '@example.org',
  'sip:1002@example.org',
  '李雷',
  'Ω≈ç√',
  '👩🏽‍🚒',
  'אבג',
  'Zoë',
  '=1+1',
  '-x',
  '#!/bin/sh',
  '`id`',
  '*',
  '0',
  'null',
  'undefined',
  'anonymous',
  'Anonymous <sip:anonymous@anonymous.invalid>',
  'x'.repeat(64),
  'ü'.repeat(39),
]

/** What stands in the way of a line of text. */
const REFUSED: [name: string, code: string][] = [
  ['a\nb', 'control-character'],
  ['a\r\nVariable: x=1', 'control-character'],
  ['a\u0000b', 'control-character'],
  ['a\tb', 'control-character'],
  ['a\u202eb', 'control-character'],
  ['x'.repeat(65), 'text-too-long'],
  ['x'.repeat(300), 'text-too-long'],
  ['ü'.repeat(40), 'text-too-long'],
  ['\ufffd', 'character-lost'],
  [';'.repeat(64), 'too-long-for-asterisk'],
]

/** What is read as something plainer. */
const TIDIED: [name: string, read: string][] = [
  ['  Ada  ', 'Ada'],
  ['Ada   Abel', 'Ada Abel'],
  ['\u00a0Ada\u00a0', 'Ada'],
  ['Ada\u00a0Abel', 'Ada Abel'],
  ['Zoe\u0308', 'Zoë'],
  ['\u200bAda', 'Ada'],
]

const ACCEPTED = [...TAKEN.map((name) => [name, name] as const), ...TIDIED]
const FIRST_EXTENSION = 2000
const CALLEE = '1001'

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let asterisk: RunningAsterisk
let ami: AmiClient
let passwords: Map<string, string>

beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  asterisk = await startAsterisk({
    ...{ database: database.asterisk, realm: desk.installation.realm, tenants: ['acme'] },
  })
  ami = new AmiClient(parseAmiUrl(asterisk.amiUrl))
  await ami.whenReady()
  const rows = ACCEPTED.map(([name], at) => [String(FIRST_EXTENSION + at), name])
  const outcome = await importRows([[CALLEE, 'Callee'], ...rows])
  expect(outcome.problems).toEqual([])
  passwords = await readSipPasswords(desk, desk.acme)
})
afterAll(async () => {
  await ami.close()
  await asterisk.stop()
  await desk.pool.end()
  await database.close()
})

function importRows(rows: string[][]) {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  const csv = ['extension,last_name', ...rows.map((row) => row.map(cell).join(','))].join('\n')
  return applyImport(desk, {
    tenant: desk.acme,
    source: 'x',
    actor: 'test',
    input: { kind: 'file', bytes: Buffer.from(csv) },
    options: {},
  })
}

async function openPhone(extension: string): Promise<SipPhone> {
  const user = `${extension}-acme`
  const password = passwords.get(user)!
  const phone = await SipPhone.open({ host: asterisk.host, port: asterisk.sipPort, user, password })
  await phone.register()
  return phone
}

test('names that Asterisk could not carry are refused, each with its reason, and nothing is written', async () => {
  const outcome = await importRows(REFUSED.map(([name], at) => [String(3000 + at), name]))
  expect(outcome.state).toBe('refused')
  for (const [at, [name, code]] of REFUSED.entries()) {
    const found = outcome.problems.filter(({ row }) => row === at + 1)
    expect(
      found.map((problem) => problem.code),
      name,
    ).toContain(code)
    expect(found.every(({ message }) => !/[\x00-\x1f\u202e]/.test(message))).toBe(true)
  }
})

test('a called phone shows the name that stood in the file', async () => {
  const callee = await openPhone(CALLEE)
  const seen: [string, string][] = []
  for (const [at, [name]] of ACCEPTED.entries()) {
    const extension = String(FIRST_EXTENSION + at)
    const caller = await openPhone(extension)
    const out = await caller.call(CALLEE)
    const call = await callee.nextCall()
    expect(call.callerNumber).toBe(extension)
    seen.push([name, call.caller.displayName])
    await out.hangUp()
    await call.ended()
    await caller.close()
  }
  await callee.close()
  expect(seen).toEqual(ACCEPTED.map(([name, read]) => [name, read]))
})

test('the mailbox and the endpoint carry the name that stood in the file', async () => {
  const seen: [string, string | undefined, string | undefined][] = []
  for (const [at, [name]] of ACCEPTED.entries()) {
    const mailbox = String(FIRST_EXTENSION + at)
    const box = ['Context', 'acme'] as const
    const [user] = await ami.list('VoicemailUserStatus', [box, ['Mailbox', mailbox]])
    const [endpoint] = await ami.list('PJSIPShowEndpoint', [['Endpoint', `${mailbox}-acme`]])
    seen.push([name, user!.get('fullname'), endpoint!.get('callerid')])
  }
  // It prints a name as it stands in callerid.conf: with a backslash before quotation marks and backslashes.
  const print = (read: string) => `"${read.replaceAll(/["\\]/g, '\\$&')}"`
  expect(seen).toEqual(ACCEPTED.map(([name, read], at) => [name, read, `${print(read)} <${FIRST_EXTENSION + at}>`]))
})

test('any text is stored as Asterisk decodes it, or refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const isSafe = !/[\x00-\x1f\x7f]/.test(text) && text.trim() === text
      if (!isSafe)
        expect(() => encodeRealtime(text)).toThrow(expect.objectContaining({ code: 'value-unsafe' }) as Error)
      else {
        expect(encodeRealtime(text)).not.toContain(';')
        expect(decodeRealtime(encodeRealtime(text))).toBe(text)
      }
    }),
    { numRuns: 2000 },
  )
})
