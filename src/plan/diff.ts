import type { Problem } from '../model/problem.ts'
import type { Change } from './change.ts'
import { isSameRow, isSameValue, type Row } from './row.ts'
import type { TableRow } from './asterisk-rows.ts'
import { columnsWrittenByOthers, rowKey, type TableName } from './tables.ts'

/** A row's identity over all tables. */
export function assetKey(table: TableName, key: string): string {
  return `${table}|${key}`
}

export function assetKeyOf({ table, row }: TableRow): string {
  return assetKey(table, rowKey(table, row))
}

/** What must happen to our own rows to get from one list to the other. */
export function diffOwn(current: TableRow[], desired: TableRow[]): Change[] {
  if (current.length === 0)
    return desired.map(({ table, row }) => ({ table, key: rowKey(table, row), before: null, after: row }))
  const before = new Map(current.map((item) => [assetKeyOf(item), item.row]))
  const after = new Map(desired.map((item) => [assetKeyOf(item), item]))
  const changes: Change[] = []
  for (const [asset, { table, row }] of after) {
    const there = before.get(asset)
    if (!there) changes.push({ table, key: rowKey(table, row), before: null, after: row })
    else if (!isSameRow(row, there))
      changes.push({ table, key: rowKey(table, row), before: there, after: { ...there, ...row } })
  }
  for (const item of current)
    if (!after.has(assetKeyOf(item)))
      changes.push({ table: item.table, key: rowKey(item.table, item.row), before: item.row, after: null })
  return changes
}

/** What Asterisk holds of what we may want, and which of it is ours; by `assetKey`. */
export type AsteriskState = {
  asterisk: Pick<ReadonlyMap<string, Row>, 'get'>
  owned: Pick<ReadonlySet<string>, 'has'>
  /** What was there before anybody in this run gave up or took anything. */
  original?: Pick<ReadonlyMap<string, Row>, 'get'>
}

/**
 * What must happen to Asterisk's rows. `current` and `desired` are projections of our rows before and after; what is
 * really there comes from `state`, so a hand edit is put right by the way. A row that is there and not ours is a
 * problem, unless it is to be adopted.
 */
export function diffAsterisk(
  current: TableRow[],
  desired: TableRow[],
  state: AsteriskState,
  options: { adopt: boolean; row: number },
): { changes: Change[]; problems: Problem[] } {
  const projectedBefore = new Map(current.map((item) => [assetKeyOf(item), item.row]))
  const origins = new Map(current.flatMap((item) => (item.origin ? [[`${item.table} ${item.origin}`, item]] : [])))
  const after = new Set<string>()
  const changes: Change[] = []
  const problems: Problem[] = []
  for (const { table, row, origin } of desired) {
    const key = rowKey(table, row)
    const asset = assetKey(table, key)
    after.add(asset)
    const there = state.asterisk.get(asset)
    const old = origin === undefined ? undefined : origins.get(`${table} ${origin}`)
    const source = old ? (state.original ?? state.asterisk).get(assetKeyOf(old)) : there
    const wanted = source ? keepForeignWrites(table, row, old?.row ?? projectedBefore.get(asset), source) : row
    if (!there) {
      changes.push({ table, key, before: null, after: wanted })
      continue
    }
    const ours = state.owned.has(asset)
    if (!ours && !options.adopt) problems.push(notOurs(table, key, options.row))
    else if (!ours) changes.push({ table, key, before: there, after: wanted, ownership: 'adopt' })
    else if (!isSameRow(wanted, there)) changes.push({ table, key, before: there, after: wanted })
  }
  for (const item of current) {
    const asset = assetKeyOf(item)
    const there = state.asterisk.get(asset)
    if (!after.has(asset) && there && state.owned.has(asset))
      changes.push({ table: item.table, key: rowKey(item.table, item.row), before: there, after: null })
  }
  return { changes, problems }
}

/** A PIN that its owner changed by phone stays, unless this very change sets a new one. */
function keepForeignWrites(table: TableName, wanted: Row, projectedBefore: Row | undefined, there: Row): Row {
  const kept = columnsWrittenByOthers(table).filter(
    (column) => projectedBefore && isSameValue(projectedBefore[column], wanted[column]),
  )
  return kept.length === 0
    ? wanted
    : { ...wanted, ...Object.fromEntries(kept.map((column) => [column, there[column]!])) }
}

function notOurs(table: TableName, key: string, row: number): Problem {
  return {
    row,
    field: 'extension',
    code: 'not-ours',
    message: `${table} already has ${key}, which Offhook did not make`,
    suggestion: 'Choose another extension, remove that row, or take it over with --adopt.',
  }
}
