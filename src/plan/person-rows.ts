import type { Row } from './row.ts'
import type { TableName } from './tables.ts'

/** Our rows that make up one person, as they are or as they shall be. */
export type PersonRows = {
  user: Row
  extension: Row | null
  endpoints: Row[]
  mailbox: Row | null
  dids: Row[]
  /** Devices that the person's lines are on, or that are theirs. */
  devices: Row[]
  lines: Row[]
  /** Keys of those devices. */
  keys: Row[]
  entry: Row | null
  /** Which groups the person is in. */
  memberships: Row[]
  /** Those groups themselves, which are nobody's. */
  groups: Row[]
}

/** The same rows as (table, row) pairs, less the groups. */
export function listRows(rows: PersonRows): { table: TableName; row: Row }[] {
  const all: [TableName, (Row | null)[]][] = [
    ['offhook.users', [rows.user]],
    ['offhook.group_members', rows.memberships],
    ['offhook.extensions', [rows.extension]],
    ['offhook.endpoints', rows.endpoints],
    ['offhook.mailboxes', [rows.mailbox]],
    ['offhook.dids', rows.dids],
    ['offhook.devices', rows.devices],
    ['offhook.lines', rows.lines],
    ['offhook.keys', rows.keys],
    ['offhook.directory_entries', [rows.entry]],
  ]
  return all.flatMap(([table, list]) => list.filter((row) => row !== null).map((row) => ({ table, row })))
}
