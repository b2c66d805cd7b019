import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toArrayLiteral, toLines } from '../../src/db/array-literal.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false })
})
afterAll(() => database.close())

const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '').toWellFormed())
const awkward = fc.constantFrom('', 'NULL', '"', '\\', '{}', ',', ' a ', '\\"', '\n', 'null')

test('PostgreSQL reads every list of texts, numbers, truths and bytes as it was', async () => {
  const lists = fc.record({
    texts: fc.array(fc.option(fc.oneof(text, awkward))),
    numbers: fc.array(fc.option(fc.integer())),
    truths: fc.array(fc.option(fc.boolean())),
    bytes: fc.array(fc.option(fc.uint8Array().map((value) => Buffer.from(value)))),
  })
  await fc.assert(
    fc.asyncProperty(lists, async ({ texts, numbers, truths, bytes }) => {
      const { rows } = await database.query(
        'select $1::text[] as texts, $2::integer[] as numbers, $3::boolean[] as truths, $4::bytea[] as bytes',
        [texts, numbers, truths, bytes].map(toArrayLiteral),
      )
      expect(rows).toEqual([{ texts, numbers, truths, bytes }])
    }),
  )
})

test('texts without line breaks come out of one parameter as they were, empty ones too', async () => {
  const documents = ['{}', '', '["a\\n","\\\\"]', '"ü"', ' ']
  const { rows } = await database.query(`select t from string_to_table($1, E'\\n') as t`, [toLines(documents)])
  expect(rows.map(({ t }: { t: string }) => t)).toEqual(documents)
})
