import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeFields } from '../src/import/field-guide.ts'
import { RULE_NAMES } from '../src/model/rules.ts'

/** Cells of every table below a heading, until the next heading. */
function readTables(heading: string): string[][] {
  const text = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8')
  const [, section = ''] = text.split(`\n## ${heading}\n`)
  return section
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\\', '')),
    )
}

test('the table of columns is what the templates say', () => {
  expect(readTables('Bulk creation')).toEqual(
    describeFields().map(({ field, meaning, form, example }) => [`\`${field}\``, meaning, form, example]),
  )
})

test('every rule is in the table of rules', () => {
  const names = readTables('Commands').flatMap(([first]) => first!.match(/`[^`]+`/g)!.map((name) => name.slice(1, -1)))
  for (const rule of RULE_NAMES) expect(names).toContain(rule)
})
