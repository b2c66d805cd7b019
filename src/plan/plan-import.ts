import type { Mac } from '../model/mac.ts'
import type { Person } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import { projectPerson, type TableRow } from './asterisk-rows.ts'
import type { Change, PersonPlan } from './change.ts'
import { desireRows } from './desire.ts'
import { assetKey, diffAsterisk, diffOwn } from './diff.ts'
import { indexPeople, matchPerson } from './match.ts'
import { listRows, type PersonRows } from './person-rows.ts'
import type { Row } from './row.ts'
import type { PlanRun } from './snapshot.ts'

/** What each row of a chunk means, in the order of the rows. A second row that means the same person is a problem. */
export function planPeople(people: readonly Person[], run: PlanRun): PersonPlan[] {
  const index = indexPeople(run.snapshot.people)
  return people.map((person) => {
    const current = matchPerson(person, index)
    if (current && 'code' in current) return fail(person, [current])
    if (!current) return planPerson(person, null, run)
    const id = Number(current.user['id'])
    const earlier = run.rowOfUser.get(id)
    if (earlier !== undefined) return fail(person, [sameAs(person.row, earlier)])
    run.rowOfUser.set(id, person.row)
    return planPerson(person, current, run)
  })
}

function planPerson(person: Person, current: PersonRows | null, run: PlanRun): PersonPlan {
  const { rows, problems } = desireRows(person, current, run)
  if (problems.length > 0) return fail(person, problems)
  const own = diffOwn(current ? listRows(current) : [], listRows(rows)).filter(
    ({ table, key, before }) => before !== null || !run.plannedRows.has(assetKey(table, key)),
  )
  const theirs = diffAsterisk(
    current ? projectPerson(run.tenant, current, run.supply) : [],
    projectPerson(run.tenant, rows, run.supply),
    run.snapshot,
    { adopt: run.adopt, row: person.row },
  )
  if (theirs.problems.length > 0) return fail(person, theirs.problems)
  remember(current, rows, own, run)
  const changes = [...own, ...theirs.changes]
  const verdict = !current ? 'new' : changes.length > 0 ? 'changed' : 'unchanged'
  return { row: person.row, who: describePerson(rows), verdict, changes, problems: [] }
}

/** What the rows after this one must know: a phone that two of them share is made by the first. */
function remember(current: PersonRows | null, rows: PersonRows, own: Change[], run: PlanRun): void {
  for (const { table, key } of own) if (table === 'offhook.devices') run.plannedRows.add(assetKey(table, key))
  run.usernames.set(String(rows.user['username']), Number(rows.user['id']))
  const kept = new Set(rows.devices.map((device) => device['id']))
  for (const device of current?.devices ?? [])
    if (device['mac'] !== null && !kept.has(device['id'])) run.devicesByMac.set(device['mac'] as Mac, null)
  for (const did of rows.dids) run.dids.set(String(did['number']), did)
  for (const device of rows.devices) {
    if (device['mac'] === null) continue
    const known = run.devicesByMac.get(device['mac'] as Mac)
    const own = rows.lines.filter((line) => line['device_id'] === device['id'])
    const others = known?.lines.filter((line) => !own.some((mine) => mine['id'] === line['id'])) ?? []
    run.devicesByMac.set(device['mac'] as Mac, { device, lines: [...others, ...own] })
  }
}

/** Everything somebody has, taken away: an absent person under `--prune`. */
export function planRemoval(current: PersonRows, run: Pick<PlanRun, 'tenant' | 'supply' | 'snapshot'>): PersonPlan {
  const theirs = diffAsterisk(projectPerson(run.tenant, current, run.supply), [], run.snapshot, {
    adopt: false,
    row: 0,
  })
  return {
    row: 0,
    who: describePerson(current),
    verdict: 'missing',
    changes: [...diffOwn(listRows(current), leaveShared(current, run)), ...theirs.changes],
    problems: [],
  }
}

/** A phone that others have lines on stays where it is, with its keys, and belongs to nobody. */
function leaveShared(current: PersonRows, run: Pick<PlanRun, 'snapshot'>): TableRow[] {
  const own = new Set(current.lines.map((line) => line['id']))
  const shared = run.snapshot.devices.filter(({ lines }) => lines.some((line) => !own.has(line['id'])))
  const ids = new Set(shared.map(({ device }) => device['id']))
  const devices = current.devices.filter((device) => ids.has(device['id']))
  const keys = current.keys.filter((key) => ids.has(key['device_id']))
  return [
    ...devices.map((row) => ({ table: 'offhook.devices', row: { ...row, user_id: freed(row, current) } }) as const),
    ...keys.map((row) => ({ table: 'offhook.keys', row }) as const),
  ]
}

function freed(device: Row, current: PersonRows): Row[string] {
  return device['user_id'] === current.user['id'] ? null : device['user_id']!
}

function describePerson({ user, extension }: PersonRows): string {
  const name = [user['first_name'], user['last_name']].filter(Boolean).join(' ') || String(user['username'])
  return extension ? `${name} (${String(extension['number'])})` : name
}

function fail(person: Person, problems: Problem[]): PersonPlan {
  const name = [person.first_name, person.last_name].filter(Boolean).join(' ')
  return { row: person.row, who: name || (person.email ?? ''), verdict: 'problem', changes: [], problems }
}

function sameAs(row: number, earlier: number): Problem {
  return {
    row,
    field: '',
    code: 'same-person',
    message: `this row and row ${earlier} mean the same person`,
    suggestion: 'Keep one of the two rows.',
  }
}
