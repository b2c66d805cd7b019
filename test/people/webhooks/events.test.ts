import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createPool } from '../../../src/db/pool.ts'
import { EVENT_TYPES } from '../../../src/model/webhook-event.ts'
import { applyImport } from '../../../src/people/import-people.ts'
import { removePeople } from '../../../src/people/remove-people.ts'
import { createImport } from '../../../src/people/stored-imports/create-import.ts'
import { workOnImport } from '../../../src/people/stored-imports/work-on-import.ts'
import { undoImport } from '../../../src/people/undo-import.ts'
import { addWebhook } from '../../../src/people/webhooks/webhooks.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openDesk } from '../open-desk.ts'

type Told = { type: string; data: Record<string, Record<string, unknown>> & { tenant: string } }

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let owner: ReturnType<typeof createPool>

beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  owner = createPool(database.url, 'owner')
  await addWebhook(desk, desk.acme, { url: 'https://crm.example.org/', events: EVENT_TYPES }, 'test')
})
afterEach(() => database.query('delete from offhook.webhook_deliveries'))
afterAll(async () => {
  await owner.end()
  await desk.pool.end()
  await database.close()
})

const request = (text: string, update = false) => ({
  ...{ tenant: desk.acme, source: 'people.csv', actor: 'test', options: { update } },
  input: { kind: 'text' as const, text },
})

/** What was told since the last look, in its order. */
async function listTold(): Promise<Told[]> {
  const { rows } = await database.query('delete from offhook.webhook_deliveries returning id, body')
  return (rows as { id: number; body: Told }[]).toSorted((a, b) => a.id - b.id).map(({ body }) => body)
}

test('an import tells who is new, which phones are, and how many; changes, removals and undo likewise', async () => {
  const head = 'extension,first_name,last_name,email,username,mac,model,voicemail_pin,password\n'
  const text = `${head}1001,Ada,Young,ada@example.org,ada,001565000001,T46U,482915,correct-horse\n`
  const { import: first } = await applyImport(desk, request(text))
  const told = await listTold()
  expect(told.map(({ type }) => type)).toEqual(['user.created', 'device.added', 'import.completed'])
  const user = told[0]!.data['user']!
  const id = Number(user['id'])
  expect(told[0]!.data).toEqual({
    tenant: 'acme',
    user: { id, username: 'ada', name: 'Ada Young', extensions: ['1001'] },
  })
  expect(told[1]!.data['device']).toMatchObject({ mac: '001565000001', model: 'T46U', family: 'yealink', user_id: id })
  const counts = { new: 1, changed: 0, unchanged: 0, missing: 0, problem: 0 }
  expect(told[2]!.data['import']).toEqual({ id: first, source: 'people.csv', counts })
  expect(JSON.stringify(told)).not.toMatch(/correct-horse|482915|ada@example/)

  await applyImport(desk, request('extension,voicemail_email\n1001,box@example.org\n', true))
  expect((await listTold()).map(({ type }) => type)).toEqual(['user.changed', 'import.completed'])

  const removed = await removePeople(
    desk,
    desk.acme,
    [id],
    { mailbox: 'delete', did: 'free', device: 'delete' },
    'test',
  )
  const gone = await listTold()
  expect(gone.map(({ type }) => type)).toEqual(['user.removed', 'device.removed', 'import.completed'])
  expect(gone[0]!.data['user']).toEqual({ id, username: 'ada', name: 'Ada Young', extensions: ['1001'] })

  await undoImport(desk, desk.acme, removed.import, 'test')
  const back = await listTold()
  expect(back.map(({ type }) => type)).toEqual(['user.created', 'device.added', 'import.undone'])
  expect(back[2]!.data['import']).toMatchObject({ id: removed.import, counts: { undone: 1, kept: 0 } })
})

test('what was refused is told of by nobody, and nobody at another tenant hears', async () => {
  await applyImport(desk, request('extension,first_name\nabc,Bo\n'))
  await applyImport(desk, { ...request('extension,first_name\n1001,Zoe\n'), tenant: desk.zeta })
  expect(await listTold()).toEqual([])
})

test('beyond a hundred people only the import is told of, with its counts', async () => {
  const rows = Array.from({ length: 101 }, (_, at) => `${2000 + at},Person${at}`).join('\n')
  await applyImport(desk, request(`extension,first_name\n${rows}\n`))
  const told = await listTold()
  expect(told.map(({ type }) => type)).toEqual(['import.completed'])
  expect(told[0]!.data['import']).toMatchObject({ counts: { new: 101 } })
})

test('a stored import tells when it is planned, and when it failed', async () => {
  const id = await createImport(desk, request('extension,first_name\n3001,Cy\n'))
  await workOnImport(owner, desk)
  expect(await listTold()).toMatchObject([{ type: 'import.planned', data: { import: { id, counts: { new: 1 } } } }])
  const lost = await createImport(desk, request('extension,first_name\n3002,Di\n'))
  await database.query('update offhook.imports set content = null where id = $1', [lost])
  await workOnImport(owner, desk)
  expect(await listTold()).toMatchObject([{ type: 'import.failed', data: { import: { id: lost } } }])
})
