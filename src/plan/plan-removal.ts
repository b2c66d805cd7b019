import type { Mac } from '../model/mac.ts'
import { projectPerson, type TableRow } from './asterisk-rows.ts'
import type { PersonPlan } from './change.ts'
import { diffAsterisk, diffOwn } from './diff.ts'
import { listRows, type PersonRows } from './person-rows.ts'
import { describePerson, spendMailbox, stateOfNow } from './plan-import.ts'
import { asOfNow, remember } from './remember.ts'
import type { Row } from './row.ts'
import type { PlanRun } from './snapshot.ts'

/** What becomes of the things of somebody who leaves. */
export type RemovalChoice = {
  /** `keep`: callers of the number still reach the mailbox; who knows its PIN hears it, until it is removed. */
  mailbox: 'delete' | 'keep'
  /** `free`: the tenant keeps the public number, and it rings nobody. */
  did: 'free' | 'delete'
  /** `free`: the tenant keeps the phone, with a new address and nothing of the person in it. */
  device: 'free' | 'delete'
}

const DELETE_ALL: RemovalChoice = { mailbox: 'delete', did: 'delete', device: 'delete' }

/** In the place of the person of an extension whose mailbox was kept. */
export const NOBODY: Row = { language: null, suspended: true }

/** Somebody taken away: an absent person under `--prune`, too. A phone that others are on stays theirs. */
export function planRemoval(
  found: PersonRows,
  run: PlanRun,
  choice: RemovalChoice = chooseByRules(found, run),
): PersonPlan {
  const current = asOfNow(found, run)
  const { devices, keys } = leaveDevices(current, run, choice)
  const dids = choice.did === 'free' ? current.dids.map((did) => ({ ...did, extension_id: null })) : []
  const vacancy = choice.mailbox === 'keep' && current.extension && current.mailbox ? toVacancy(current) : null
  const own: TableRow[] = [
    ...devices.map((row) => ({ table: 'offhook.devices', row }) as const),
    ...keys.map((row) => ({ table: 'offhook.keys', row }) as const),
    ...dids.map((row) => ({ table: 'offhook.dids', row }) as const),
    ...(vacancy ? listVacancy(vacancy) : []),
  ]
  const projected = projectPerson(run.tenant, current, run.supply)
  const left = vacancy ? projectPerson(run.tenant, vacancy, run.supply) : []
  const theirs = diffAsterisk(projected, left, stateOfNow(run), { adopt: false, row: 0 })
  remember(current, { user: current.user, extension: null, dids, devices, lines: [] }, theirs.changes, run)
  return {
    row: 0,
    who: describePerson(current),
    verdict: 'missing',
    changes: [
      ...diffOwn(listRows(current), own),
      ...spendMailbox(current.mailbox, vacancy && current.mailbox),
      ...theirs.changes,
    ],
    problems: theirs.problems,
  }
}

/** Where imports make no public numbers, none that somebody leaves is lost. */
function chooseByRules({ user }: PersonRows, run: PlanRun): RemovalChoice {
  const { create_dids } = run.rulesAt(user['location_id'] as number | null)
  return { ...DELETE_ALL, did: create_dids ? 'delete' : 'free' }
}

/** An extension that leads to a mailbox and to nobody. */
export function toVacancy(rows: Pick<PersonRows, 'extension' | 'mailbox'>): PersonRows {
  return {
    user: NOBODY,
    extension: { ...rows.extension!, user_id: null },
    mailbox: rows.mailbox,
    ...{ endpoints: [], dids: [], devices: [], lines: [], keys: [], entry: null, memberships: [], groups: [] },
  }
}

export function listVacancy({ extension, mailbox }: PersonRows): TableRow[] {
  return [
    { table: 'offhook.extensions', row: extension! },
    { table: 'offhook.mailboxes', row: mailbox! },
  ]
}

/** Phones that stay: those that others are on, and, if so chosen, those that stood on the person's desk. */
function leaveDevices(current: PersonRows, run: PlanRun, choice: RemovalChoice): Pick<PersonRows, 'devices' | 'keys'> {
  const own = new Set(current.lines.map((line) => line['id']))
  const isShared = (device: Row) =>
    run.devicesByMac.get(device['mac'] as Mac)?.lines.some((line) => !own.has(line['id'])) ?? false
  const shared = current.devices.filter(isShared)
  const kept = new Set(shared.map((device) => device['id']))
  const free =
    choice.device === 'free' ? current.devices.filter((device) => device['mac'] !== null && !isShared(device)) : []
  return {
    devices: [
      ...shared.map((device) => (device['user_id'] === current.user['id'] ? { ...device, user_id: null } : device)),
      ...free.map((device) => freeDevice(device, run)),
    ],
    keys: current.keys.filter((key) => kept.has(key['device_id'])),
  }
}

/** A new address: what the phone was told opens nothing any more. */
function freeDevice(device: Row, { supply }: PlanRun): Row {
  const token = supply.deviceToken()
  const fresh = { token, token_sha256: supply.hashToken(token) }
  return { ...device, ...fresh, user_id: null, profile_id: null, settings: '{}' }
}
