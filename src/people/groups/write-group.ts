import type pg from 'pg'
import { readRows } from '../../apply/read-rows.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { Change } from '../../plan/change.ts'
import { diffAsterisk, diffOwn } from '../../plan/diff.ts'
import { projectGroup, projectMemberships } from '../../plan/queue-rows.ts'
import type { Row } from '../../plan/row.ts'
import { codecOf, type PeopleDesk } from '../desk.ts'
import { readPeopleRows } from '../read-people-rows.ts'
import { readState } from '../read-state.ts'

/** A group's rows with those of its members: ours, and Asterisk's that follow from them. */
export type GroupState = { group: Row | null; members: Row[] }

/**
 * What must change to get a group from one state to another, members in Asterisk's queue included.
 * @throws AppError `in-use` when Asterisk has a row of that name that is not ours
 */
export async function planGroup(
  client: pg.PoolClient,
  desk: PeopleDesk,
  tenant: Tenant,
  before: GroupState,
  after: GroupState,
): Promise<Change[]> {
  const codec = codecOf(desk, tenant)
  const ids = [...new Set([...before.members, ...after.members].map((member) => Number(member['user_id'])))]
  const { people } = await readPeopleRows(client, ids, codec)
  const project = ({ group, members }: GroupState) =>
    !group
      ? []
      : [
          ...projectGroup(tenant, group),
          ...people.flatMap((person) => {
            const memberships = members.filter((member) => member['user_id'] === person.user['id'])
            const endpoints = person.user['suspended'] === true ? [] : person.endpoints
            return projectMemberships({ ...person, endpoints, memberships, groups: [group] })
          }),
        ]
  const [current, desired] = [project(before), project(after)]
  const state = await readState(client, [...current, ...desired], codec)
  const theirs = diffAsterisk(current, desired, state, { adopt: false, row: 0 })
  if (theirs.problems[0]) throw new AppError('in-use', `${theirs.problems[0].message}.`)
  return [...diffOwn(listOwn(before), listOwn(after)), ...theirs.changes]
}

/** Who is in a group. */
export function readMembers(client: pg.PoolClient, desk: PeopleDesk, tenant: Tenant, group: Row): Promise<Row[]> {
  return readRows(client, 'offhook.group_members', 't.group_id = $1', [group['id']], codecOf(desk, tenant))
}

function listOwn({ group, members }: GroupState) {
  return [
    ...(group ? [{ table: 'offhook.groups', row: group } as const] : []),
    ...members.map((row) => ({ table: 'offhook.group_members', row }) as const),
  ]
}
