import type { Person } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import { projectPerson } from './asterisk-rows.ts'
import type { Change, PersonPlan } from './change.ts'
import { desireRows } from './desire.ts'
import { assetKey, type AsteriskState, diffAsterisk, diffOwn } from './diff.ts'
import { indexPeople, matchPerson } from './match.ts'
import { findMisfits } from './misfits.ts'
import { listRows, type PersonRows } from './person-rows.ts'
import { findStillHeld, moveKeys } from './renumber.ts'
import { asOfNow, listFound, remember, rememberModel } from './remember.ts'
import type { Row } from './row.ts'
import type { PlanRun } from './snapshot.ts'
import { rowKey } from './tables.ts'

/** What each row of a chunk means, in the order of the rows. A second row that means the same person is a problem. */
export function planPeople(people: readonly Person[], run: PlanRun): PersonPlan[] {
  const index = indexPeople(run.snapshot.people)
  return people.map((person) => {
    const current = matchPerson(person, index, run.freed)
    if (current && 'code' in current) return fail(person, [current])
    const held = findStillHeld(person, current, run)
    if (held) return fail(person, [held])
    if (!current) return planPerson(person, null, run)
    const id = Number(current.user['id'])
    const earlier = run.rowOfUser.get(id)
    if (earlier !== undefined) return fail(person, [sameAs(person.row, earlier)])
    run.rowOfUser.set(id, person.row)
    return planPerson(person, current, run)
  })
}

function planPerson(person: Person, found: PersonRows | null, run: PlanRun): PersonPlan {
  const current = found && asOfNow(found, run)
  const { rows, problems } = desireRows(person, current, run)
  if (problems.length > 0) return fail(person, problems)
  const projected = projectPerson(run.tenant, rows, run.supply)
  const misfits = findMisfits(projected, person.row, run.supply.findWidth)
  if (misfits.length > 0) return fail(person, misfits)
  const own = [
    ...diffOwn(listFound(current, rows, run), listRows(rows)),
    ...moveKeys(current, rows, run),
    ...spendMailbox(current?.mailbox, rows.mailbox),
  ]
  const before = current ? projectPerson(run.tenant, current, run.supply) : []
  const theirs = diffAsterisk(before, projected, stateOfNow(run), { adopt: run.adopt, row: person.row })
  if (theirs.problems.length > 0) return fail(person, theirs.problems)
  const changes = [...own, ...theirs.changes]
  const verdict = !current ? 'new' : changes.length > 0 ? 'changed' : 'unchanged'
  const waits = needsOthers(own, theirs.changes, run)
  if (verdict === 'new' || run.update) {
    remember(current, rows, theirs.changes, run)
    rememberModel(person, rows.devices, run)
  }
  return { row: person.row, who: describePerson(rows), verdict, changes, problems: [], ...(waits && { waits }) }
}

/** What somebody earlier gives up is there no longer, and what they took is no longer somebody else's to give up. */
export function stateOfNow({ snapshot, released, claimed }: PlanRun): AsteriskState {
  return {
    owned: snapshot.owned,
    asterisk: {
      get(key) {
        const row = snapshot.asterisk.get(key)
        return row && !released.has(key) && !claimed.has(key) ? row : undefined
      },
    },
    original: snapshot.asterisk,
  }
}

/** The name of a mailbox that goes is never given to another: its recordings stay in Asterisk's spool under it. */
export function spendMailbox(before: Row | null | undefined, after: Row | null): Change[] {
  if (!before || after) return []
  const row: Row = { tenant_id: before['tenant_id']!, number: before['number']! }
  return [{ table: 'offhook.spent_mailboxes', key: rowKey('offhook.spent_mailboxes', row), before: null, after: row }]
}

/** Whether somebody's rows can only be written after those of the people before them. */
function needsOthers(own: Change[], theirs: Change[], run: PlanRun): boolean {
  const made = new Set(own.flatMap(({ table, after }) => (table === 'offhook.devices' && after ? [after['id']] : [])))
  const joins = own.some(({ table, after }) => table === 'offhook.lines' && after && !made.has(after['device_id']))
  return joins || (run.released.size > 0 && theirs.some(({ table, key }) => run.released.has(assetKey(table, key))))
}

/** Name and number, as a reader recognises somebody. */
export function describePerson({ user, extension }: PersonRows): string {
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
