import type { Queryable } from '../db/pool.ts'
import { readRemembered, type Remembered, writeRemembered } from '../db/remembered.ts'
import type { ValueMap } from '../import/value-mapping.ts'
import { isSecretField } from '../model/person.ts'
import type { ImportOptions } from './open-import.ts'

/** Instead of a column's name: the field is read from none. */
const NO_COLUMN = '-'

/** What was decided about files before: column name to field, and per field text to text. */
export type Learned = { columns: Record<string, string>; values: Record<string, Record<string, string>> }

export async function readLearned(client: Queryable, tenantId: number, actor: string): Promise<Learned> {
  const learned: Learned = { columns: {}, values: {} }
  for (const { kind, field, term, target } of await readRemembered(client, tenantId, actor))
    if (kind === 'column') learned.columns[term] = target
    else (learned.values[field] ??= {})[term] = target
  return learned
}

/** Keeps what was decided about a file for the next one like it: an import that was applied was meant. */
export async function rememberChoices(
  client: Queryable,
  owner: { tenantId: number; actor: string },
  { map = {}, values = {} }: Pick<ImportOptions, 'map' | 'values'>,
): Promise<void> {
  const columns = Object.entries(map).flatMap(([field, headers]) =>
    [headers]
      .flat()
      .filter((header) => header !== '' && header !== NO_COLUMN)
      .map((header): Remembered => ({ kind: 'column', field: '', term: header, target: field })),
  )
  const texts = Object.entries(values)
    .filter(([field]) => !isSecretField(field))
    .flatMap(([field, meanings]) =>
      Object.entries(meanings).map(([term, target]): Remembered => ({ kind: 'value', field, term, target })),
    )
  await writeRemembered(client, owner, [...columns, ...texts])
}

/** What was said now goes before what was learned. */
export function mergeValues(stated: ValueMap = {}, learned: Learned['values']): ValueMap {
  const fields = [...new Set([...Object.keys(stated), ...Object.keys(learned)])] as (keyof ValueMap)[]
  return Object.fromEntries(fields.map((field) => [field, { ...learned[field], ...stated[field] }]))
}
