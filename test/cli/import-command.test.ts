import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failure, openInstallation, PEOPLE, some, text } from './open-installation.ts'

const counts = { new: 0, changed: 0, unchanged: 0, missing: 0, problem: 0 }
const zone = { row: 0, field: 'timezone', code: 'timezone-unsaid', message: text, suggestion: text }
const odd = { row: 1, field: 'mac', code: 'mac-of-other-maker' }
const changes = { create: 0, update: 0, delete: 0 }

let site: Awaited<ReturnType<typeof openInstallation>>
beforeAll(async () => {
  site = await openInstallation()
})
afterAll(() => site.close())

test('an import is previewed, applied, repeated, changed and taken back; the exit code tells what is left to do', async () => {
  const people = site.file('people.csv', PEOPLE)
  const detected = expect.objectContaining({ encoding: 'utf-8', delimiter: ',' }) as object
  const preview = {
    import: null,
    state: 'previewed',
    rows: 2,
    counts: { ...counts, new: 2 },
    problems: [],
    warnings: [zone],
    detected,
  }
  expect(await site.json('import', people)).toEqual([2, { ...preview, changes: { ...changes, create: some } }])
  const [code, applied] = await site.json('import', people, '--apply')
  expect([code, applied]).toEqual([
    0,
    { ...preview, import: some, state: 'applied', changes: { ...changes, create: some } },
  ])
  expect(await site.json('import', people)).toMatchObject([0, { counts: { ...counts, unchanged: 2 }, changes }])

  const changed = site.file('changed.csv', PEOPLE.replace('Bell', 'Ball'))
  expect(await site.json('import', changed)).toMatchObject([
    2,
    { counts: { ...counts, changed: 1, unchanged: 1 }, changes },
  ])
  const [pending, told] = await site.json('import', changed, '--update')
  expect([pending, told]).toMatchObject([2, { state: 'previewed', changes: { update: some } }])
  const [, second] = await site.json('import', changed, '--update', '--apply')
  expect(second).toMatchObject({ state: 'applied', import: some })

  const [listed, imports] = await site.json('imports')
  expect([listed, imports]).toMatchObject([0, [{ state: 'applied', source: 'changed.csv' }, { source: 'people.csv' }]])
  const last = String((second as { import: number }).import)
  expect(await site.json('undo', last)).toEqual([0, { import: Number(last), undone: 1, kept: [] }])
  await site.each({
    [`undo ${last}`]: [1, failure('import-state')],
    'undo 99999999': [1, failure('import-unknown')],
    'undo x': [1, failure('input-invalid')],
  })
}, 180_000)

test('what is odd is told beside what an import does, and holds nobody up', async () => {
  const swapped = site.file('swapped.csv', 'extension,last_name,mac,model\n1009,Finn,00:15:65:ab:cd:09,GRP2614\n')
  expect(await site.json('import', swapped)).toMatchObject([
    2,
    { problems: [], warnings: expect.arrayContaining([{ ...odd, message: text, suggestion: text }]) as unknown },
  ])
  expect(await site.json('settings', 'set', 'timezone=Europe/Berlin')).toMatchObject([0, {}])
  const { stdout } = await site.offhook(['import', swapped])
  expect(stdout).not.toContain('time zone')
  expect(stdout).toMatch(/^warning: row 1, mac: 001565abcd09 is an address of Yealink, .* Grandstream\. Correct /m)
}, 60_000)

test('an import with problems names them all, writes the faulty rows, and applies the others only when told to', async () => {
  const faulty = site.file('faulty.csv', 'extension,last_name,voicemail_pin\n1003,Clark,\nx,Dole,\n1005,Ek,12\n')
  const out = site.file('errors.csv')
  const problem = (row: number, field: string) => ({
    ...{ row, field, code: expect.stringMatching(/^[a-z-]+$/) as string, message: text },
    suggestion: text,
  })
  const problems = [problem(2, 'extension'), problem(3, 'voicemail_pin')]
  const detected = expect.objectContaining({ encoding: 'utf-8', delimiter: ',' }) as object
  const refused = {
    ...{ import: null, rows: 3, counts: { ...counts, new: 1, missing: some, problem: 2 } },
    ...{ problems, warnings: [], detected },
  }
  const created = { ...changes, create: some }
  expect(await site.json('import', faulty)).toEqual([1, { ...refused, state: 'previewed', changes: created }])
  expect(await site.json('import', faulty, '--apply')).toEqual([1, { ...refused, state: 'refused', changes: created }])
  const [code, partial] = await site.json('import', faulty, '--apply', '--only-valid', '--errors', out)
  expect([code, partial]).toEqual([1, { ...refused, import: some, state: 'applied', changes: created }])
  expect(readFileSync(out, 'utf8')).toMatch(/Dole/)
  expect(statSync(out).mode & 0o077).toBe(0)

  await site.each({
    [`import ${faulty} --errors /nowhere/errors.csv`]: [1, failure('file-unwritable')],
    [`import ${site.file('missing.csv')}`]: [1, failure('file-unreadable')],
    [`import ${site.folder}`]: [1, failure('file-unreadable')],
    [`import ${faulty} --apply --keep`]: [1, failure('input-invalid')],
    [`import ${faulty} --credentials ${out}`]: [1, failure('input-invalid')],
    [`import ${faulty} --map nonsense=1`]: [1, failure('input-invalid')],
  })
  expect(await site.json('import', faulty, '--set', 'nonsense=1')).toMatchObject([
    1,
    { problems: expect.arrayContaining([expect.objectContaining({ row: 0, code: 'field-unknown' })]) as unknown },
  ])
  const garbled = await site.offhook(['import', faulty, '--set', 'canary'])
  expect(garbled).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/FIELD=VALUE/) as string })
  const unknown = await site.json('import', faulty, '--encoding', 'nonsense')
  expect(unknown).toMatchObject([1, {}])
  expect(JSON.stringify(unknown)).not.toContain('"bug"')
  const stdin = await site.offhook(['import', '-', '--json'], 'extension,last_name\n1009,Nine\n')
  expect([stdin.code, JSON.parse(stdin.stdout)]).toMatchObject([2, { counts: { new: 1 } }])
}, 180_000)

test('an import tells how it read the file, what it took each column for, and what it did not read', async () => {
  const file = site.file('lesen.csv')
  const lines =
    'Nebenstelle;Nachname;E-Mial;SIP-Passwort;Lieblingsfarbe\r\n1301;Müller;a.mueller@example.org;geheim;rot\r\n'
  writeFileSync(file, Buffer.from(lines, 'latin1'))
  const { stdout } = await site.offhook(['import', file])
  expect(stdout).toContain('Read as windows-1252 with ; between cells.')
  expect(stdout).toContain('columns: Nebenstelle → extension, Nachname → last_name, E-Mial → email (guessed)')
  expect(stdout).toContain('? not used: Lieblingsfarbe')
  expect(stdout).toContain('? passwords of another system, not read: SIP-Passwort')
  expect(stdout).not.toContain('geheim')
}, 60_000)

test('a text of the file means what the command says, and still does with the next file', async () => {
  expect(await site.json('role', 'add', 'Sales')).toMatchObject([0, {}])
  const file = site.file('values.csv', 'extension,last_name,role,telephony\n1311,Kant,Vertrieb,nur intern\n')
  const words = ['--value', 'role:Vertrieb=Sales', '--value', 'telephony:nur intern=yes']
  expect(await site.json('import', file, ...words, '--apply')).toMatchObject([0, { counts: { new: 1 } }])
  expect(await site.json('user', 'show', '1311')).toMatchObject([0, { role: 'Sales', telephony: true }])
  const next = site.file('values2.csv', 'extension,last_name,role\n1312,Hegel,VERTRIEB\n')
  expect(await site.json('import', next)).toMatchObject([2, { problems: [], counts: { new: 1 } }])
  const wrong = await site.offhook(['import', file, '--value', 'rolle:Vertrieb=Sales'])
  expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/role:Vertrieb=Sales/) as string })
}, 60_000)

test('what a file calls its columns cannot steer the terminal', async () => {
  const file = site.file('steer.csv', 'extension,last_name,\u001b[2Jgone\n1321,Kant,x\n')
  const { stdout } = await site.offhook(['import', file])
  expect(stdout).toContain('? not used: \\u{1b}[2Jgone')
  expect(stdout).not.toContain('\u001b')
}, 60_000)

test('an import that is kept with problems tells how to cure them', async () => {
  const faulty = site.file('kept.csv', 'extension,last_name\n1302,Kant\nx,Leibniz\n')
  const { stdout } = await site.offhook(['import', faulty, '--keep'])
  expect(stdout).toMatch(
    /Kept as import (\d+)\. To cure its problems: offhook repairs \1; .*offhook apply \1 --only-valid/,
  )
}, 60_000)
