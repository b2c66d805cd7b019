import { AppError } from '../model/app-error.ts'
import { toArrayLiteral } from '../db/array-literal.ts'
import type { Queryable } from '../db/pool.ts'
import type { Row } from '../plan/row.ts'
import { listColumns, type TableName, tableSpec } from '../plan/tables.ts'
import { type RowCodec, toParameter } from './column-codec.ts'
import type { ColumnTypes } from './column-types.ts'

/** Rows per statement: one array parameter a column, the fastest way into PostgreSQL that still reports per statement. */
const BATCH_ROWS = 4000

/** Inserts rows. A row that is there already means that the plan is stale. */
export async function insertRows(
  client: Queryable,
  table: TableName,
  rows: Row[],
  codec: RowCodec,
  columnTypes: ColumnTypes,
): Promise<void> {
  const types = columnTypes.get(table)!
  const used = new Set(rows.flatMap((row) => Object.keys(row)))
  const columns = listColumns(table).filter(({ name }) => used.has(name) && types.has(name))
  const names = columns.map(({ name }) => `"${name}"`).join(', ')
  const values = columns.map(({ name }, at) => `v.c${at}::${types.get(name)!}`).join(', ')
  const arrays = columns.map(({ name, kind }, at) => `$${at + 1}::${arrayType(types.get(name)!, kind)}[]`).join(', ')
  const aliases = columns.map((_, at) => `c${at}`).join(', ')
  const sql = `insert into ${table} (${names}) select ${values} from unnest(${arrays}) as v(${aliases})`
  const insert = async (batch: Row[]) => {
    const parameters = columns.map(({ name, kind }) =>
      toArrayLiteral(batch.map((row) => toParameter(table, row, name, kind, codec))),
    )
    await client.query(sql, parameters).catch((error: unknown) => {
      throw isUniqueViolation(error) ? staleBecause(`${table} already has such a row`, error) : error
    })
  }
  const sent: Promise<void>[] = []
  for (let at = 0; at < rows.length; at += BATCH_ROWS) sent.push(insert(rows.slice(at, at + BATCH_ROWS)))
  await Promise.all(sent)
}

/** Brings rows to `after`, in place. The caller has locked and compared them. */
export async function updateRows(
  client: Queryable,
  table: TableName,
  rows: Row[],
  codec: RowCodec,
  columnTypes: ColumnTypes,
): Promise<void> {
  const types = columnTypes.get(table)!
  const { key } = tableSpec(table)
  for (const row of rows) {
    const columns = listColumns(table).filter(({ name }) => name in row && types.has(name))
    const assign = columns.map(({ name }, at) => `"${name}" = $${at + 1}::${types.get(name)!}`).join(', ')
    const where = key.map((name) => `"${name}" = $${columns.findIndex((column) => column.name === name) + 1}`)
    const parameters = columns.map(({ name, kind }) => toParameter(table, row, name, kind, codec))
    await client.query(`update ${table} set ${assign} where ${where.join(' and ')}`, parameters)
  }
}

export async function deleteRows(
  client: Queryable,
  table: TableName,
  rows: Row[],
  columnTypes: ColumnTypes,
): Promise<void> {
  const { key } = tableSpec(table)
  const where = key.map((name) => `t."${name}" = v.${name}`).join(' and ')
  const types = columnTypes.get(table)!
  const arrays = key.map((name, at) => `$${at + 1}::${types.get(name)!}[]`).join(', ')
  await client.query(
    `delete from ${table} t using unnest(${arrays}) as v(${key.join(', ')}) where ${where}`,
    key.map((name) => rows.map((row) => row[name])),
  )
}

export function staleBecause(what: string, cause?: unknown): AppError {
  return new AppError('plan-stale', `The plan no longer fits the database: ${what}. Plan again.`, { cause })
}

/** Enumerations arrive as text and are cast, for the driver knows no arrays of them. */
function arrayType(type: string, kind: string): string {
  if (kind === 'json') return 'text'
  return /^(bigint|integer|boolean|bytea|double precision)$/.test(type) ? type : 'text'
}

function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: string }).code === '23505'
}
