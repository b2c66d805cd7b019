import type pg from 'pg'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { projectPerson, type TableRow } from '../plan/asterisk-rows.ts'
import type { Change } from '../plan/change.ts'
import { assetKeyOf, diffAsterisk, diffOwn } from '../plan/diff.ts'
import { listRows, type PersonRows } from '../plan/person-rows.ts'
import { codecOf, type PeopleDesk } from './desk.ts'
import { readState } from './read-state.ts'
import { openProjection } from './supply.ts'

/**
 * People, extensions without a person, and rows of ours that are nobody's. A row that stands in several places counts as
 * in the last one.
 */
export type Holding = { people: PersonRows[]; vacancies?: PersonRows[]; rest: TableRow[] }

/**
 * What must change to get from one state to another, Asterisk's rows included: an account may be challenged differently
 * on another family of phones.
 * @throws AppError `in-use` when Asterisk has such a row that is not ours
 */
export async function planEdit(
  client: pg.PoolClient,
  desk: PeopleDesk,
  tenant: Tenant,
  before: Holding,
  after: Holding,
): Promise<Change[]> {
  const supply = openProjection(desk)
  const project = ({ people, vacancies = [] }: Holding) =>
    [...people, ...vacancies].flatMap((person) => projectPerson(tenant, person, supply))
  const [current, desired] = [project(before), project(after)]
  const state = await readState(client, [...current, ...desired], codecOf(desk, tenant))
  const theirs = diffAsterisk(current, desired, state, { adopt: false, row: 0 })
  if (theirs.problems[0]) throw new AppError('in-use', `${theirs.problems[0].message}.`)
  return [...diffOwn(listHolding(before), listHolding(after)), ...theirs.changes]
}

function listHolding({ people, rest }: Holding): TableRow[] {
  const rows = [...people.flatMap(listRows), ...rest]
  return [...new Map(rows.map((item) => [assetKeyOf(item), item])).values()]
}
