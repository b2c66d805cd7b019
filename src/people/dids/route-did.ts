import type pg from 'pg'
import { readRows } from '../../apply/read-rows.ts'
import type { Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import { quote } from '../../model/quote.ts'
import { projectPerson } from '../../plan/asterisk-rows.ts'
import type { Change } from '../../plan/change.ts'
import { diffAsterisk, diffOwn } from '../../plan/diff.ts'
import { listRows, type PersonRows } from '../../plan/person-rows.ts'
import type { Row, Value } from '../../plan/row.ts'
import { readDefaultLayers } from '../default-layers.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from '../desk.ts'
import { readPeopleRows } from '../read-people-rows.ts'
import { readState } from '../read-state.ts'
import { openProjection } from '../supply.ts'
import { writeChanges } from '../write-changes.ts'

/**
 * Has a number of the tenant ring an extension, beside those that ring it already; where the caller id is the public
 * number, it becomes that of somebody who has none.
 * @throws AppError `did-unknown`, `extension-unknown`, `in-use` when it rings somebody else
 */
export function assignDid(
  desk: PeopleDesk,
  tenant: Tenant,
  { number, extension }: { number: string; extension: string },
  actor: string,
): Promise<void> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const did = await findDid(client, desk, tenant, number)
    const before = await findPerson(client, desk, tenant, 't.number = $1', extension)
    if (!before) throw new AppError('extension-unknown', `The tenant ${tenant.slug} has nobody at ${quote(extension)}.`)
    const id = before.extension!['id']!
    if (did['extension_id'] === id) return
    if (did['extension_id'] !== null)
      throw new AppError('in-use', `${number} rings another extension. Release it first: offhook did release ${number}`)
    const { rulesAt } = await readDefaultLayers(client, desk, tenant)
    const { caller_id_is_did } = rulesAt(before.user['location_id'] as number | null)
    const takesId = caller_id_is_did && before.extension!['caller_id'] === null
    const after = {
      ...before,
      extension: { ...before.extension!, ...(takesId && { caller_id: number }) },
      dids: [...before.dids, { ...did, extension_id: id }],
    }
    const changes = await planPerson(client, desk, tenant, before, after, did)
    await writeChanges(client, desk, tenant, changes, {
      ...{ actor, action: 'did-assign', object: number },
      detail: { extension },
    })
  })
}

/** Takes a number from whom it rings; it stays with the tenant. @throws AppError `did-unknown` */
export function releaseDid(desk: PeopleDesk, tenant: Tenant, number: string, actor: string): Promise<void> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const did = await findDid(client, desk, tenant, number)
    if (did['extension_id'] === null) return
    const changes = await planRelease(client, desk, tenant, did)
    await writeChanges(client, desk, tenant, changes, { actor, action: 'did-release', object: number })
  })
}

/** The tenant gives a number back that rings nobody. @throws AppError `did-unknown`, `in-use` */
export function removeDid(desk: PeopleDesk, tenant: Tenant, number: string, actor: string): Promise<void> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const did = await findDid(client, desk, tenant, number)
    if (did['extension_id'] !== null)
      throw new AppError('in-use', `${number} rings somebody. Release it first: offhook did release ${number}`)
    const changes = diffOwn([{ table: 'offhook.dids', row: did }], [])
    await writeChanges(client, desk, tenant, changes, { actor, action: 'did-remove', object: number })
  })
}

async function planRelease(client: pg.PoolClient, desk: PeopleDesk, tenant: Tenant, did: Row): Promise<Change[]> {
  const left = { ...did, extension_id: null }
  const before = await findPerson(client, desk, tenant, 't.id = $1', did['extension_id']!)
  if (!before) return diffOwn([{ table: 'offhook.dids', row: did }], [{ table: 'offhook.dids', row: left }])
  const { rulesAt } = await readDefaultLayers(client, desk, tenant)
  const { caller_id_is_did } = rulesAt(before.user['location_id'] as number | null)
  const losesId = caller_id_is_did && before.extension!['caller_id'] === did['number']
  const after = {
    ...before,
    extension: { ...before.extension!, ...(losesId && { caller_id: null }) },
    dids: [...before.dids.filter(({ id }) => id !== did['id']), left],
  }
  return planPerson(client, desk, tenant, before, after, null)
}

/** `joins`: a number that is there already and was nobody's. */
async function planPerson(
  client: pg.PoolClient,
  desk: PeopleDesk,
  tenant: Tenant,
  before: PersonRows,
  after: PersonRows,
  joins: Row | null,
): Promise<Change[]> {
  const supply = openProjection(desk)
  const projected = projectPerson(tenant, before, supply)
  const desired = projectPerson(tenant, after, supply)
  const state = await readState(client, [...projected, ...desired], codecOf(desk, tenant))
  const theirs = diffAsterisk(projected, desired, state, { adopt: false, row: 0 })
  if (theirs.problems[0]) throw new AppError('in-use', `${theirs.problems[0].message}.`)
  const found = joins ? [{ table: 'offhook.dids', row: joins } as const] : []
  return [...diffOwn([...listRows(before), ...found], listRows(after)), ...theirs.changes]
}

async function findDid(client: Queryable, desk: PeopleDesk, tenant: Tenant, number: string): Promise<Row> {
  const [did] = await readRows(client, 'offhook.dids', 't.number = $1', [number], codecOf(desk, tenant))
  if (did) return did
  throw new AppError(
    'did-unknown',
    `The tenant ${tenant.slug} has no number ${quote(number)}. Write it as +49301234567.`,
  )
}

/** Whoever has the extension that the condition finds. */
async function findPerson(
  client: Queryable,
  desk: PeopleDesk,
  tenant: Tenant,
  condition: string,
  value: Value,
): Promise<PersonRows | null> {
  const codec = codecOf(desk, tenant)
  const [extension] = await readRows(client, 'offhook.extensions', condition, [value], codec)
  if (typeof extension?.['user_id'] !== 'number') return null
  const { people } = await readPeopleRows(client, [extension['user_id']], codec)
  return people[0] ?? null
}
