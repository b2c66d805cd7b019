import { nearest } from '../model/nearest.ts'
import type { Person } from '../model/person.ts'
import { quote } from '../model/quote.ts'
import type { Complain } from './desire.ts'
import type { PersonRows } from './person-rows.ts'
import type { Row } from './row.ts'
import type { PlanRun } from './snapshot.ts'

/** The groups that a person is in: those that the row names, by name or id, or those that they are in already. */
export function desireGroups(
  person: Person,
  current: PersonRows | null,
  user: Row,
  run: PlanRun,
  complain: Complain,
): Pick<PersonRows, 'memberships' | 'groups'> {
  const there = { memberships: current?.memberships ?? [], groups: current?.groups ?? [] }
  if (person.groups === undefined) return there
  const found = (person.groups ?? []).map((text) => findGroup(text, run, complain))
  const wanted = new Set(found.filter((group) => group !== null))
  const memberships = [...wanted].map(
    (group): Row =>
      there.memberships.find((membership) => membership['group_id'] === group['id']) ?? {
        group_id: group['id']!,
        user_id: user['id']!,
        tenant_id: run.tenant.id,
        penalty: 0,
      },
  )
  return { memberships, groups: [...wanted] }
}

function findGroup(text: string, run: PlanRun, complain: Complain): Row | null {
  const { groups } = run.snapshot
  const found = groups.find(({ id, name }) => String(id) === text || fold(String(name)) === fold(text))
  if (found) return found
  const names = new Map(groups.map(({ name }) => [fold(String(name)), String(name)]))
  const meant = names.get(nearest(fold(text), names.keys()) ?? '')
  const cure =
    names.size === 0
      ? 'Add it: offhook group add.'
      : `One of ${[...names.values()].slice(0, 20).join(', ')}, or add it: offhook group add.`
  complain('groups', 'group-unknown', `there is no group ${quote(text)}`, meant ?? cure)
  return null
}

function fold(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}
