import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import type { PersonField } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import type { PeopleDesk } from './desk.ts'
import type { ImportOutcome } from './import-outcome.ts'
import { applyImport } from './import-people.ts'
import { findUser } from './list-users.ts'

/** Fields as a program gives them: an absent one keeps what is there, null clears it. */
export type PersonValues = Partial<Record<PersonField, string | number | boolean | readonly string[] | null>>

/** `problems` is empty when it was done; `userId` null when nothing happened. */
export type PersonOutcome = { import: number | null; userId: number | null; problems: readonly Problem[] }

/** An import of one new person. @throws AppError `already-there` when the keys mean somebody who exists */
export async function createPerson(
  desk: PeopleDesk,
  tenant: Tenant,
  values: PersonValues,
  actor: string,
): Promise<PersonOutcome> {
  const outcome = await importOne(desk, tenant, values, { actor, update: false })
  if (outcome.state === 'applied' && outcome.counts.new === 0)
    throw new AppError('already-there', 'Somebody with this external id, e-mail or extension exists already.')
  return describe(outcome)
}

/** An import of one person who exists. @throws AppError `user-unknown` */
export async function changePerson(
  desk: PeopleDesk,
  tenant: Tenant,
  userId: number,
  values: PersonValues,
  actor: string,
): Promise<PersonOutcome> {
  await findUser(desk, tenant, userId)
  if (Object.keys(values).length === 0) return { import: null, userId, problems: [] }
  return { ...describe(await importOne(desk, tenant, values, { actor, update: true, userId })), userId }
}

function importOne(
  desk: PeopleDesk,
  tenant: Tenant,
  values: PersonValues,
  { actor, update, userId }: { actor: string; update: boolean; userId?: number },
): Promise<ImportOutcome> {
  // An empty list clears; an import would take an empty cell for one that keeps.
  const row = Object.fromEntries(Object.entries(values).map(([field, value]) => [field, isEmpty(value) ? null : value]))
  const options = {
    ...{ update, ...(userId !== undefined && { userIds: { 1: userId } }) },
    // Who sets the password of this one person means it, whatever they have chosen themselves.
    ...(update && typeof values.password === 'string' && { reissue: true }),
  }
  return applyImport(desk, {
    tenant,
    actor,
    source: update ? 'user changed' : 'user added',
    input: { kind: 'rows', rows: [row] },
    options,
  })
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function describe(outcome: ImportOutcome): PersonOutcome {
  if (outcome.state !== 'applied') return { import: null, userId: null, problems: outcome.problems }
  const change = outcome.shown[0]?.changes.find(({ table }) => table === 'offhook.users')
  const userId = change?.after ? Number(change.after['id']) : null
  return { import: outcome.import, userId, problems: [] }
}
