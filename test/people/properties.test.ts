import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { findDrift } from '../../src/people/find-drift.ts'
import { addGroup } from '../../src/people/groups/edit-groups.ts'
import type { ImportOutcome } from '../../src/people/import-outcome.ts'
import { applyImport, previewImport } from '../../src/people/import-people.ts'
import type { ImportOptions } from '../../src/people/open-import.ts'
import { undoImport } from '../../src/people/undo-import.ts'
import { countRuns } from '../support/runs.ts'
import { dumpTables } from './open-desk.ts'
import { openTestDesk } from './open-test-desk.ts'
import { type RandomList, randomList, toCsv, without } from './random-list.ts'

const NOTHING = { create: 0, update: 0, delete: 0 }

const { database, desk } = await openTestDesk()
beforeEach(clear)

/** Everything but the tenants, two locations and two groups. */
async function clear(): Promise<void> {
  const { rows } = await database.query(
    `select string_agg(n.nspname || '.' || relname, ', ') as list from pg_class c join pg_namespace n on n.oid = relnamespace
     where relkind = 'r' and n.nspname in ('offhook', 'asterisk')
       and relname not like 'migration%' and relname not in ('installation', 'tenants', 'outbox')`,
  )
  await database.query(`truncate ${(rows[0] as { list: string }).list}`)
  await database.query(
    `insert into offhook.locations (tenant_id, name) select id, place from offhook.tenants, unnest($1::text[]) as place`,
    [['Berlin', 'Paris']],
  )
  for (const name of ['Sales', 'Support']) await addGroup(desk, desk.acme, { name }, 'test')
}

function request(list: RandomList, options: ImportOptions) {
  const input = { kind: 'file' as const, bytes: Buffer.from(toCsv(list)) }
  return { tenant: desk.acme, source: 'people.csv', actor: 'test', input, options: { onlyValid: true, ...options } }
}

/** Previews, applies and repeats an import, each of which must agree with the others; then looks for drift. */
async function importThoroughly(list: RandomList, options: ImportOptions): Promise<ImportOutcome> {
  const before = await dumpTables(database)
  const preview = await previewImport(desk, request(list, options))
  expect(await dumpTables(database), 'a preview writes nothing').toEqual(before)
  const applied = await applyImport(desk, request(list, options))
  expect(applied.changes, 'what was previewed is done').toEqual(preview.changes)
  expect(applied.counts).toEqual(preview.counts)
  expect(applied.problems).toEqual(preview.problems)
  const after = await dumpTables(database)
  const refused = new Set(applied.problems.map(({ row }) => row))
  if (!refused.has(0) && refused.size < list.rows.length) {
    const again = await applyImport(desk, request(without(list, refused), { update: options.update ?? false }))
    expect(again.problems, 'what was applied is valid').toEqual([])
    expect(again.changes, 'the same list again changes nothing').toEqual(NOTHING)
    expect(await dumpTables(database)).toEqual(after)
  }
  expect(await findDrift(desk, desk.acme, { fix: false, actor: 'test' })).toMatchObject({ changes: [], problems: [] })
  return applied
}

test('any list, then any other: preview agrees, repeating changes nothing, undoing both leaves no trace', async () => {
  const flags = fc.record({ update: fc.boolean(), prune: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(randomList, randomList, flags, async (first, second, options) => {
      await clear()
      const empty = await dumpTables(database)
      const one = await importThoroughly(first, { update: true })
      const between = await dumpTables(database)
      const two = await importThoroughly(second, options)
      expect(await undoImport(desk, desk.acme, two.import!, 'test')).toMatchObject({ kept: [] })
      expect(await dumpTables(database), 'the second is undone').toEqual(between)
      expect(await undoImport(desk, desk.acme, one.import!, 'test')).toMatchObject({ kept: [] })
      expect(await dumpTables(database), 'the first is undone').toEqual(empty)
    }),
    { numRuns: countRuns(30, 1000), endOnFailure: true },
  )
}, 1_800_000)
