import type { RowCodec } from '../apply/column-codec.ts'
import { readRows } from '../apply/read-rows.ts'
import type { Queryable } from '../db/pool.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import type { PersonRows } from '../plan/person-rows.ts'
import { spendMailbox } from '../plan/plan-import.ts'
import { listVacancy, toVacancy } from '../plan/plan-removal.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from './desk.ts'
import { planEdit } from './plan-edit.ts'
import { writeChanges } from './write-changes.ts'

/** A mailbox that was kept when its owner was deleted. */
export type KeptMailbox = { extension: string; name: string; mailbox: string }

/** Extensions without a person, with their mailboxes, as people of whom nothing else is left. */
export async function readVacancies(client: Queryable, codec: RowCodec): Promise<PersonRows[]> {
  const extensions = await readRows(client, 'offhook.extensions', 't.user_id is null', [], codec)
  const ids = extensions.map(({ id }) => id)
  const mailboxes = await readRows(client, 'offhook.mailboxes', 't.extension_id = any ($1)', [ids], codec)
  return extensions.map((extension) =>
    toVacancy({ extension, mailbox: mailboxes.find((box) => box['extension_id'] === extension['id']) ?? null }),
  )
}

/** The tenant's kept mailboxes by number. */
export function listKeptMailboxes(desk: PeopleDesk, tenant: Tenant): Promise<KeptMailbox[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<KeptMailbox>(
      `select x.number as extension, x.label as name, m.number as mailbox
       from extensions x join mailboxes m on m.extension_id = x.id where x.user_id is null order by x.number`,
    )
    return rows
  })
}

/** Deletes a kept mailbox, and frees its extension. @throws AppError `mailbox-unknown` */
export function removeKeptMailbox(desk: PeopleDesk, tenant: Tenant, number: string, actor: string): Promise<void> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const vacancies = await readVacancies(client, codecOf(desk, tenant))
    const vacancy = vacancies.find(({ extension }) => extension!['number'] === number)
    if (!vacancy)
      throw new AppError(
        'mailbox-unknown',
        `No mailbox of somebody who left is kept under ${number} at ${tenant.slug}.`,
      )
    const before = { people: [], vacancies: [vacancy], rest: listVacancy(vacancy) }
    const changes = await planEdit(client, desk, tenant, before, { people: [], rest: [] })
    const spent = spendMailbox(vacancy.mailbox, null)
    const deed = { actor, action: 'mailbox-remove', object: number }
    await writeChanges(client, desk, tenant, [...changes, ...spent], deed)
  })
}
