import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPool } from '../../../src/db/pool.ts'
import { startMailWorker } from '../../../src/jobs/mail-worker.ts'
import { approveImport } from '../../../src/people/stored-imports/approve-import.ts'
import { createImport } from '../../../src/people/stored-imports/create-import.ts'
import { viewImport } from '../../../src/people/stored-imports/view-import.ts'
import { workOnImport } from '../../../src/people/stored-imports/work-on-import.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openSmtp, type TestSmtp } from '../../support/smtp.ts'
import { openDesk } from '../open-desk.ts'

const PEOPLE = Array.from({ length: 12 }, (_, n) => `${1001 + n},First${n},user${n}@example.org`)

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let owner: ReturnType<typeof createPool>
let smtp: TestSmtp
beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  owner = createPool(database.url, 'owner', { max: 6 })
  smtp = await openSmtp()
})
afterAll(async () => {
  await smtp.stop()
  await owner.end()
  await desk.pool.end()
  await database.close()
})

function startWorker() {
  const office = { pool: owner, vault: desk.vault, publicUrl: 'https://pbx.example.org', sipHost: 'sip.example.org' }
  const sender = { name: 'Offhook', address: 'pbx@example.org', domain: 'example.org' }
  const log = { info: () => undefined, warn: () => undefined }
  return startMailWorker({ url: database.url, office, smtp: smtp.address, sender, log })
}

async function countMails(): Promise<Record<string, number>> {
  const { rows } = await database.query('select state, count(*)::int as n from offhook.mails group by state')
  return Object.fromEntries((rows as { state: string; n: number }[]).map(({ state, n }) => [state, n]))
}

/** The pauses between two tries are minutes; here they are over at once. */
async function makeDueUntil(done: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!(await done())) {
    if (performance.now() > deadline) throw new Error(`after 30 s: ${JSON.stringify(await countMails())}`)
    await database.query(
      `update offhook.mails set next_attempt_at = now() where state = 'queued' and last_error is not null`,
    )
    await database.query('notify offhook_mails')
    await sleep(100)
  }
}

test('an import does not wait for its mails: the server is down, refuses, loses an answer, and gets each of them', async () => {
  await smtp.stop()
  const worker = startWorker()
  const importId = await createImport(desk, {
    ...{ tenant: desk.acme, source: 'people.csv', actor: 'ada', options: {} },
    input: { kind: 'text', text: `extension,first_name,email\n${PEOPLE.join('\n')}\n` },
  })
  await workOnImport(owner, desk)
  await approveImport(desk, desk.acme, importId, { actor: 'ada' })
  await workOnImport(owner, desk)
  expect(await viewImport(desk, desk.acme, importId)).toMatchObject({ state: 'applied', counts: { new: 12 } })
  expect(await countMails()).toEqual({ queued: 12 })
  const attempted = async (like: string) => {
    const { rows } = await database.query(
      `select count(*)::int as n from offhook.mails where state = 'queued' and last_error ~ $1`,
      [like],
    )
    return (rows[0] as { n: number }).n
  }
  await makeDueUntil(async () => (await attempted('.')) > 0)

  let refusals = 0
  smtp.refuse = () => ({ code: 451, text: `come back later (${++refusals})` })
  await smtp.start()
  await makeDueUntil(async () => (await attempted('come back later')) === 12)
  expect(smtp.mails).toEqual([])

  // Taken, but the answer says otherwise: for all the sender knows they were not.
  let lost = 0
  smtp.refuse = () => undefined
  smtp.refuseMessage = () => {
    const id = smtp.mails.at(-1)!.parsed.messageId
    const isFirst = smtp.mails.filter(({ parsed }) => parsed.messageId === id).length === 1
    return isFirst && lost++ < 3 ? { code: 451, text: 'answer lost' } : undefined
  }
  await makeDueUntil(async () => (await countMails())['sent'] === 12)
  await worker.close()
  expect(await countMails()).toEqual({ sent: 12 })
  const byId = Map.groupBy(smtp.mails, ({ parsed }) => parsed.messageId)
  expect(byId.size).toBe(12)
  expect(smtp.mails).toHaveLength(12 + 3)
  for (const copies of byId.values()) {
    expect(copies.length).toBeLessThanOrEqual(2)
    expect(new Set(copies.map(({ raw }) => /invite\/[\w-]+/.exec(raw)?.[0])).size).toBe(1)
  }
  expect([...byId.values()].map(([mail]) => mail!.to.join()).sort()).toEqual(
    PEOPLE.map((line) => line.split(',')[2]!).sort(),
  )
  console.log(
    `${refusals} refusals; ${smtp.mails.length} mails of ${byId.size} Message-IDs for ${PEOPLE.length} people`,
  )
}, 120_000)
