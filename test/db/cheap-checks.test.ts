import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => (database = await createTestDatabase()))
afterAll(() => database.close())

// What each check means, in one pattern; the check itself says it in several that are faster.
const MEANINGS: [constraint: string, column: string, pattern: string, near: string[]][] = [
  ['devices_mac_check', 'mac', '^[0-9a-f]{12}$', ['001565a0b1c2', '001565A0B1C2', '001565a0b1c', '001565a0b1c23']],
  [
    'dids_number_check',
    'number',
    '^\\+[1-9][0-9]{5,14}$',
    ['+49301234', '+0930123456', '49301234', '+12345', '+1+23456'],
  ],
  ['endpoints_name_check', 'name', '^[A-Za-z0-9.-]{1,60}$', ['1001.web-acme', '1001_web', 'a'.repeat(61), '']],
  ['extensions_number_check', 'number', '^[0-9]{2,10}$', ['10', '1', '12345678901', '1001']],
  [
    ...(['extensions_appdata_literal', 'appdata'] as const),
    '^offhook-[a-z]+,s,1\\([A-Za-z0-9.&@+-]*(,[A-Za-z0-9.&@+-]*)*\\)$',
    [
      ...[
        'offhook-user,s,1(1001-acme,20,1001@acme)',
        'offhook-user,s,1()',
        'offhook-user,s,1(a(b))',
        'offhook-,s,1(a)',
      ],
      ...['offhook-user,s,1(${EVIL})', 'offhook-user,s,1(a)b', 'offhook-user,s,2(a)', 'offhook-us1r,s,1(a)'],
      ...['offhook-user,s,1(a', 'offhook-user,s,1a)', 'offhook-user,x,s,1(a)', 'offhook-user,s,1(a))'],
    ],
  ],
]

test.each(MEANINGS)('%s takes what its pattern takes, and nothing else', async (constraint, column, pattern, near) => {
  const { rows } = await database.query(
    'select pg_get_expr(conbin, conrelid) as expression from pg_constraint where conname = $1',
    [constraint],
  )
  const { expression } = (rows as { expression: string }[])[0]!
  const mutated = fc
    .tuple(fc.constantFrom(...near), fc.nat(60), fc.constantFrom('', '\n', ' ', 'a', '0', '(', ')', ',', '$', '_', 'é'))
    .map(([text, at, letter]) => text.slice(0, at) + letter + text.slice(at + 1))
  const texts = [...near, ...fc.sample(mutated, 2_000), ...fc.sample(fc.string(), 500)].filter(
    (text) => !text.includes('\0') && text.isWellFormed(),
  )
  const compared = await database.query(
    `select "${column}" as text, (${expression}) as taken, "${column}" ~ $2 as meant from unnest($1::text[]) as t("${column}")`,
    [texts, pattern],
  )
  const answers = compared.rows as { text: string; taken: boolean; meant: boolean }[]
  expect(answers.filter(({ taken, meant }) => taken !== meant)).toEqual([])
  expect(new Set(answers.map(({ taken }) => taken))).toEqual(new Set([true, false]))
})
