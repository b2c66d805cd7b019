import { existsSync, statSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPool } from '../../src/db/pool.ts'
import { readSource } from '../../src/import/read-source.ts'
import type { FileFormat } from '../../src/people/export-people.ts'
import { addGroup } from '../../src/people/groups/edit-groups.ts'
import { applyImport, previewImport } from '../../src/people/import-people.ts'
import { addLocation } from '../../src/people/locations.ts'
import { addFreePhone, addPhone } from '../../src/people/phones/add-phone.ts'
import { addRole } from '../../src/people/roles.ts'
import { approveImport } from '../../src/people/stored-imports/approve-import.ts'
import { createImport } from '../../src/people/stored-imports/create-import.ts'
import { viewImport } from '../../src/people/stored-imports/view-import.ts'
import { workOnImport } from '../../src/people/stored-imports/work-on-import.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { exportAll } from './export-all.ts'
import { importCsv } from './import-csv.ts'
import { dumpTables, openDesk } from './open-desk.ts'

const EVERYBODY = `external_id,extension,first_name,last_name,email,role,location,caller_id,did,mac,model,sip_mode,sip_uri,groups,desk,tags,language,timezone,suspended,telephony,fax,transcription,pager,authentication
x1,1001,Jürgen,Größe-Öztürk,juergen@example.org,Verkauf,Köln,+4930123450,+4930123451,001565000001,T46U,,,"Süd, Größe & Co",R2.17,"vip, erster",de,Europe/Berlin,no,yes,no,yes,seite@example.org,app
x2,1002,"=HYPERLINK(""http://x.test"")",@SUM(A1),evil@example.org,user,,,,,,webrtc,,,=1+1,"+x, =y",,,no,yes,no,no,,
x3,1003,''=quoted,O'Brien,quoted@example.org,,Köln,1001,+4930123453,001565000003,GRP2614,,,Süd,-,,fr,Europe/Paris,yes,yes,yes,no,,disabled
,1004,李雷,"Comma, ""Quote""; Semicolon",li@example.org,,,,,,,uri,sip:door@192.0.2.7,,,,zh,,no,yes,no,no,,
x5,1005,+Plus,Line,plus@example.org,,,,+4930123455,,,,,,,,,,no,no,no,no,,
x6,,Nur,Mail,nur@example.org,,,,,,,,,,,,,,no,no,no,no,,
`

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  await addRole(desk, desk.acme, { name: 'Verkauf' }, 'test')
  await addLocation(desk, desk.acme, { name: 'Köln' }, 'test')
  for (const name of ['Süd', 'Größe & Co']) await addGroup(desk, desk.acme, { name }, 'test')
  const outcome = await importCsv(desk, desk.acme, EVERYBODY, { update: true })
  expect(outcome.problems).toEqual([])
  const { rows } = await database.query(`select user_id from offhook.extensions where number = '1001'`)
  const [{ user_id: user }] = rows as [{ user_id: number }]
  for (const mac of ['001565000011', '001565000012'])
    await addPhone(desk, desk.acme, { user, mac, model: 'T46U' }, 'test')
  await addFreePhone(desk, desk.acme, { mac: '001565000099', model: 'T46U' }, 'test')
})
afterAll(async () => {
  await desk.pool.end()
  await database.close()
})

const FILES: [FileFormat, boolean][] = [
  ['csv', false],
  ['csv', true],
  ['xlsx', false],
]

test.each(FILES)(
  'everybody exported as %s (safe for Excel: %s) and imported again changes nothing',
  async (...file) => {
    const [format, excelSafe] = file
    const before = await dumpTables(database)
    const bytes = await exportAll(desk, desk.acme, format, { excelSafe })
    const input = { kind: 'file', bytes } as const
    const request = { tenant: desk.acme, source: `people.${format}`, actor: 'test', input }
    const preview = await previewImport(desk, { ...request, options: { update: true, prune: true } })
    expect(preview.problems).toEqual([])
    expect(preview.counts).toEqual({ new: 0, changed: 0, unchanged: 6, missing: 0, problem: 0 })
    const applied = await applyImport(desk, { ...request, options: { update: true, prune: true } })
    expect(applied.changes).toEqual({ create: 0, update: 0, delete: 0 })
    expect(await dumpTables(database)).toEqual(before)
  },
)

test.each([false, true])(
  'no exported cell is run as a formula, and +49… survives (safe for Excel: %s)',
  async (safe) => {
    const text = (await exportAll(desk, desk.acme, 'csv', { excelSafe: safe })).toString('utf8').replace('\ufeff', '')
    const cells = [...text.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell]) => cell!.replaceAll('""', '"'))
    expect(cells.length).toBeGreaterThan(100)
    const formulas = cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))
    expect(formulas.filter((cell) => !(safe && /^="\+?\d[^"]*"$/.test(cell)))).toEqual([])
    for (const cell of [`'=HYPERLINK("http://x.test")`, `'@SUM(A1)`, `''=quoted`, `'=1+1`, `'+Plus`])
      expect(cells).toContain(cell)
    expect(cells).toContain(safe ? '="+4930123451"' : `'+4930123451`)
    const { header, rows } = await readSource({ kind: 'file', bytes: Buffer.from(text) })
    const read = rows.map((row) => row.cells[header.indexOf('did')])
    expect(read).toContain('+4930123451')
    expect(rows.map((row) => row.cells[header.indexOf('first_name')])).toContain(`=HYPERLINK("http://x.test")`)
  },
)

test('the name of an upload is a text in a column and nothing else', async () => {
  const owner = createPool(database.url, 'owner', { max: 3 })
  try {
    const names = [
      '../../etc/passwd',
      '/tmp/offhook-upload-name',
      'C:\\x\\..\\y.csv',
      `${'../'.repeat(40)}tmp/up.csv`,
      'a\nb',
    ]
    const changed = () => statSync('/etc/passwd').mtimeMs
    const before = changed()
    for (const source of names) {
      const input = { kind: 'text', text: 'extension,first_name\n1901,Name\n' } as const
      const id = await createImport(desk, { tenant: desk.acme, source, actor: 'test', input, options: {} })
      await workOnImport(owner, desk)
      await approveImport(desk, desk.acme, id, { actor: 'test' })
      await workOnImport(owner, desk)
      expect(await viewImport(desk, desk.acme, id)).toMatchObject({ state: 'applied', source })
    }
    expect(changed()).toBe(before)
    for (const path of ['/tmp/offhook-upload-name', '/tmp/up.csv', ...names]) {
      if (path !== names[0]) expect(existsSync(path), path).toBe(false)
    }
  } finally {
    await owner.end()
  }
})
