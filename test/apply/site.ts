import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { dumpTables } from '../people/open-desk.ts'
import type { TestDatabase } from '../support/database.ts'

/** People before the import under test: one to change, one to leave, one whose phone goes to somebody else. */
export const BEFORE = `extension,first_name,last_name,email,did,mac,model
1001,Ada,Abel,ada@example.org,+493012345001,001565000001,T46U
1002,Ben,Bell,ben@example.org,,,
1003,Cleo,Clark,cleo@example.org,,001565000003,GRP2614
`

/** Everything at once: a new person with a phone, a changed name, a moved phone, a moved number, somebody gone. */
export const IMPORT = `extension,first_name,last_name,email,did,mac,model
1001,Ada,Abelson,ada@example.org,-,-,
1004,Dora,Dole,dora@example.org,+493012345004,001565000004,T46U
1003,Cleo,Clark,cleo@example.org,,001565000001,T46U
`

export type Dump = Awaited<ReturnType<typeof dumpTables>>

/** All rows, once every connection that was cut off is gone: the server may still be at its last statement. */
export async function dumpWhenQuiet(database: TestDatabase): Promise<Dump> {
  for (let attempt = 0; ; attempt++) {
    const { rowCount } = await database.query(
      `select from pg_stat_activity where application_name = 'offhook offhook_app' and state <> 'idle'`,
    )
    if (rowCount === 0) return dumpTables(database)
    if (attempt > 500) throw new Error('a connection of the app is still busy after 10 s')
    await sleep(20)
  }
}

export function countRows(dump: Dump): Record<string, number> {
  return Object.fromEntries(Object.entries(dump).map(([table, rows]) => [table, rows.length]))
}

/** History must tell the same as the tables: an import that is there was applied, and with it its audit. */
export async function listHistory(database: TestDatabase): Promise<{ states: string[]; audits: number }> {
  const imports = await database.query('select state from offhook.imports order by id')
  const audits = await database.query(`select from offhook.audit where action = 'import'`)
  return { states: (imports.rows as { state: string }[]).map(({ state }) => state), audits: audits.rowCount! }
}

/** Either nothing happened or everything did; true for everything. */
export async function expectAllOrNothing(
  database: TestDatabase,
  known: { before: Dump; history: number; after: Record<string, number> },
  what: string,
): Promise<boolean> {
  const dump = await dumpWhenQuiet(database)
  const history = await listHistory(database)
  expect(history.audits, what).toBe(history.states.length)
  if (history.states.length === known.history) {
    expect(dump, what).toEqual(known.before)
    return false
  }
  expect(history.states.length, what).toBe(known.history + 1)
  expect(history.states.at(-1), what).toBe('applied')
  expect(countRows(dump), what).toEqual(known.after)
  return true
}
