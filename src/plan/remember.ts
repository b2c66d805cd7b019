import type { Mac } from '../model/mac.ts'
import type { Person } from '../model/person.ts'
import type { Change } from './change.ts'
import { assetKey } from './diff.ts'
import { listRows, type PersonRows } from './person-rows.ts'
import type { Row } from './row.ts'
import type { PlanRun } from './snapshot.ts'
import type { TableRow } from './asterisk-rows.ts'
import type { TableName } from './tables.ts'

/** Somebody's rows as the people before them in this run have left them. */
export function asOfNow(current: PersonRows, run: PlanRun): PersonRows {
  const devices = current.devices.map((device) => run.sharedRows.get(device['id']!) ?? device)
  return { ...current, devices }
}

/** What is there already of what somebody shall have: their own rows, and devices and numbers that others were on. */
export function listFound(current: PersonRows | null, rows: PersonRows, run: PlanRun): TableRow[] {
  const own = current ? listRows(current) : []
  const shared = listTable('offhook.dids', rows.dids, current?.dids, run)
  return [...own, ...shared, ...listTable('offhook.devices', rows.devices, current?.devices, run)]
}

/** Of these rows those that are there, but not as the person's own. */
function listTable(table: TableName, rows: Row[], own: Row[] = [], run: PlanRun): TableRow[] {
  return rows.flatMap((row) => {
    if (own.some(({ id }) => id === row['id'])) return []
    const there = run.sharedRows.get(row['id']!)
    return there ? [{ table, row: there }] : []
  })
}

/** What the rows after this person must know, for one row may be made, changed or given up by several people. */
export function remember(
  current: PersonRows | null,
  rows: Pick<PersonRows, 'user' | 'extension' | 'dids' | 'devices' | 'lines'>,
  theirs: Change[],
  run: PlanRun,
): void {
  for (const { table, key, after } of run.snapshot.asterisk.size > 0 ? theirs : []) {
    const asset = assetKey(table, key)
    // A row that Asterisk does not have yet is nobody else's to give up.
    if (after && !run.snapshot.asterisk.get(asset)) continue
    if (after) {
      run.released.delete(asset)
      run.claimed.add(asset)
    } else run.released.add(asset)
  }
  if (rows.extension) run.numbers.taken.add(String(rows.extension['number']))
  if (current) run.usernames.set(String(current.user['username']), null)
  run.usernames.set(String(rows.user['username']), Number(rows.user['id']))
  for (const did of current?.dids ?? []) run.dids.set(String(did['number']), null)
  for (const did of rows.dids) {
    if (!current && !run.dids.has(String(did['number']))) continue // New, and no two rows may name one.
    run.dids.set(String(did['number']), did)
    run.sharedRows.set(did['id']!, did)
  }
  rememberDevices(
    current,
    { lines: rows.lines, devices: rows.devices.filter((device) => isContested(device, run)) },
    run,
  )
}

function isContested(device: Row, { contested, devicesByMac }: PlanRun): boolean {
  return hasMac(device) && (!contested || contested.has(macOf(device)) || devicesByMac.has(macOf(device)))
}

/** Two rows may be on one phone; they cannot say that it is two models. */
export function rememberModel({ row, model }: Person, devices: Row[], run: PlanRun): void {
  for (const device of devices)
    if (isContested(device, run) && model && String(device['model']).toLowerCase() === model.toLowerCase())
      run.modelSaid.set(device['id']!, { row, model: String(device['model']) })
}

function rememberDevices(current: PersonRows | null, rows: Pick<PersonRows, 'devices' | 'lines'>, run: PlanRun): void {
  const before = (current?.devices ?? []).filter(hasMac)
  if (before.length === 0 && rows.devices.length === 0) return
  const left = new Set(current?.lines.map((line) => line['id']))
  const others = new Map<unknown, Row[]>()
  for (const device of [...before, ...rows.devices]) {
    const lines = run.devicesByMac.get(macOf(device))?.lines ?? others.get(device['id']) ?? []
    others.set(
      device['id'],
      lines.filter((line) => !left.has(line['id'])),
    )
  }
  for (const device of before) run.devicesByMac.set(macOf(device), null)
  for (const device of rows.devices) {
    run.sharedRows.set(device['id']!, device)
    const own = rows.lines.filter((line) => line['device_id'] === device['id'])
    run.devicesByMac.set(macOf(device), { device, lines: [...(others.get(device['id']) ?? []), ...own] })
  }
}

function hasMac(device: Row): boolean {
  return device['mac'] !== null
}

function macOf(device: Row): Mac {
  return device['mac'] as Mac
}
