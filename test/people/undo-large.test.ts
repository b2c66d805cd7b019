import { expect, test } from 'vitest'
import type { ImportProgress } from '../../src/db/import-progress.ts'
import { undoImport } from '../../src/people/undo-import.ts'
import { importCsv } from './import-csv.ts'
import { dumpTables } from './open-desk.ts'
import { openTestDesk } from './open-test-desk.ts'

const { database, desk } = await openTestDesk()
/** More than two pages of an undo. */
const PEOPLE = 1_200

function list(numbers: readonly number[], email: (n: number) => string): string {
  const rows = numbers.map((number, n) => `${number},First${n},${email(n)}`)
  return `extension,first_name,email\n${rows.join('\n')}\n`
}

const NUMBERS = Array.from({ length: PEOPLE }, (_, n) => 10_001 + n)
const EMAILS = (n: number) => `user${n}@example.org`

test('who swapped numbers at both ends of a long list gets them back, and who was edited since is found among many', async () => {
  const first = await importCsv(desk, desk.acme, list(NUMBERS, EMAILS))
  expect(first.counts).toMatchObject({ new: PEOPLE, problem: 0 })
  const before = await dumpTables(database)

  // The ends swap, and one in the middle takes a number that somebody far below gives up.
  const swapped = [...NUMBERS]
  ;[swapped[0], swapped[PEOPLE - 1]] = [NUMBERS[PEOPLE - 1]!, NUMBERS[0]!]
  swapped[1_100] = 19_999
  swapped[5] = NUMBERS[1_100]!
  const moved = await importCsv(desk, desk.acme, list(swapped, EMAILS), { update: true })
  expect(moved.counts).toMatchObject({ changed: 4, problem: 0 })
  expect(await undoImport(desk, desk.acme, moved.import!, 'test')).toMatchObject({ undone: 4, kept: [] })
  expect(await dumpTables(database)).toEqual(before)

  // One who swapped was edited since, so the other one stays too, and one of the others.
  const all = await importCsv(desk, desk.acme, list(swapped, EMAILS).replaceAll('First', 'Second'), { update: true })
  expect(all.counts).toMatchObject({ changed: PEOPLE, problem: 0 })
  await database.query(
    `update offhook.users set desk = 'x' where email in ('user0@example.org', 'user600@example.org')`,
  )
  const progress: ImportProgress[] = []
  const undone = await undoImport(desk, desk.acme, all.import!, 'test', (step) => progress.push(step))
  expect(undone.kept.map((who) => who.split(' ')[0]).toSorted()).toEqual(['Second0', 'Second1199', 'Second600'])
  expect(undone.undone).toBe(PEOPLE - 3)
  expect(progress[0]).toEqual({ phase: 'undoing', done: 0, total: PEOPLE })
  expect(progress.length).toBeGreaterThan(3)
  expect(progress.at(-1)).toEqual({ phase: 'done', done: PEOPLE - 3, total: PEOPLE })

  const rest = await undoImport(desk, desk.acme, first.import!, 'test')
  expect(rest.kept).toHaveLength(3)
}, 120_000)
