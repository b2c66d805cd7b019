import { decodeRealtime, encodeRealtime, isEncoded } from '../asterisk/realtime.ts'
import type { Parameter } from '../db/array-literal.ts'
import { Secret } from '../model/secret.ts'
import type { Row, Value } from '../plan/row.ts'
import { type ColumnKind, rowKey, type TableName } from '../plan/tables.ts'
import type { Vault } from '../secrets/vault.ts'

/** What it takes to read and write the rows of one tenant. */
export type RowCodec = { vault: Vault; slug: string }

/** A value as a query parameter takes it. */
export function toParameter(table: TableName, row: Row, column: string, kind: ColumnKind, codec: RowCodec): Parameter {
  const value = row[column] ?? null
  if (value === null) return null
  if (kind === 'sealed') return codec.vault.seal(value as Secret, placeOf(table, row, column, codec))
  if (kind === 'bytes') return Buffer.from(value as string, 'hex')
  const plain = value instanceof Secret ? value.reveal() : value
  return typeof plain === 'string' && isEncoded(table, column) ? encodeRealtime(plain) : plain
}

/** A value as it came from the driver, back to what plans compare. */
export function fromDriver(table: TableName, row: Row, column: string, kind: ColumnKind, codec: RowCodec): Value {
  const value = (row as Record<string, unknown>)[column] ?? null
  if (value === null) return null
  switch (kind) {
    case 'sealed':
      return codec.vault.open(value as Buffer, placeOf(table, row, column, codec))
    case 'bytes':
      return (value as Buffer).toString('hex')
    case 'json':
      return JSON.stringify(value)
    case 'secret':
      return new Secret(decodeRealtime(value as string))
    case 'plain':
      return typeof value === 'string' && isEncoded(table, column) ? decodeRealtime(value) : (value as Value)
  }
}

function placeOf(table: TableName, row: Row, column: string, codec: RowCodec) {
  return { tenant: codec.slug, table, row: rowKey(table, row), column }
}
