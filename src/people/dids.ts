import { readRows } from '../apply/read-rows.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { Fault } from '../model/fault.ts'
import { parseNumber } from '../model/number.ts'
import { diffOwn } from '../plan/diff.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from './desk.ts'
import { writeChanges } from './write-changes.ts'

/** A public number; `user` and `extension` are null while it rings nobody. */
export type ListedDid = { id: number; number: string; extension: string | null; user: number | null }

export type DidPage = { after: string; limit: number; assigned?: boolean | undefined }

/** Public numbers of the tenant by number. `after`: the last one of the page before. */
export function listDids(desk: PeopleDesk, tenant: Tenant, page: DidPage): Promise<ListedDid[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<ListedDid>(
      `select d.id, d.number, x.number as extension, x.user_id as user
       from dids d left join extensions x on x.id = d.extension_id
       where d.number > $1 and ($2::boolean is null or (d.extension_id is not null) = $2) order by d.number limit $3`,
      [page.after, page.assigned ?? null, page.limit],
    )
    return rows
  })
}

/** Adds a number that rings nobody yet. @throws AppError `input-invalid`, `already-there` */
export function addDid(desk: PeopleDesk, tenant: Tenant, text: string, actor: string): Promise<ListedDid> {
  const number = parseNumber(text)
  if (number instanceof Fault)
    throw new AppError('input-invalid', `${number.message}${number.suggestion ? ` (${number.suggestion})` : ''}.`)
  return asOnlyWriter(desk, tenant, async (client) => {
    const { rows } = await client.query<{ id: number; taken: boolean }>(
      `select nextval('ids') as id, exists (select from dids where number = $1)
         or exists (select from taken_dids(array[$1])) as taken`,
      [number],
    )
    const { id, taken } = rows[0]!
    if (taken) throw new AppError('already-there', `${number} is on this system already.`)
    const row = { id, tenant_id: tenant.id, number, extension_id: null }
    const changes = diffOwn([], [{ table: 'offhook.dids', row }])
    await writeChanges(client, desk, tenant, changes, { actor, action: 'did-add', object: number })
    return { id, number, extension: null, user: null }
  })
}

/** Takes a number that rings nobody off the tenant. @throws AppError `did-unknown`, `in-use` */
export function removeDid(desk: PeopleDesk, tenant: Tenant, id: number, actor: string): Promise<void> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const [did] = await readRows(client, 'offhook.dids', 't.id = $1', [id], codecOf(desk, tenant))
    if (!did) throw new AppError('did-unknown', `The tenant ${tenant.slug} has no public number ${id}.`)
    const number = String(did['number'])
    if (did['extension_id'] !== null)
      throw new AppError('in-use', `${number} rings somebody. Clear the field did of that person first.`)
    const changes = diffOwn([{ table: 'offhook.dids', row: did }], [])
    await writeChanges(client, desk, tenant, changes, { actor, action: 'did-remove', object: number })
  })
}
