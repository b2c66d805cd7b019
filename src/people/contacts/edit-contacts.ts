import { writeAudit } from '../../db/audit.ts'
import { inTransaction, type Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import { nearest } from '../../model/nearest.ts'
import { quote } from '../../model/quote.ts'
import { asOnlyWriter, type PeopleDesk } from '../desk.ts'
import { type Contact, CONTACT_FIELDS, type ContactTexts, readContact } from './contact.ts'

export type StoredContact = Contact & { id: number }

/** More than any phone takes; what stands there is rendered for all of them. */
export const MAX_CONTACTS = 50_000

const COLUMNS = 'id, name, number, mobile, home'

/** By name; `limit` of them after that name. */
export function listContacts(
  desk: PeopleDesk,
  tenant: Tenant,
  { after = '', limit = MAX_CONTACTS }: { after?: string | undefined; limit?: number | undefined } = {},
): Promise<StoredContact[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<StoredContact>(
      `select ${COLUMNS} from contacts where tenant_id = $1 and name collate "C" > $2
       order by name collate "C" limit $3`,
      [tenant.id, after, limit],
    )
    return rows
  })
}

/** @throws AppError `input-invalid` naming every faulty field, `already-there` */
export function addContact(
  desk: PeopleDesk,
  tenant: Tenant,
  texts: ContactTexts,
  actor: string,
): Promise<StoredContact> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const contact = requireContact(texts)
    await expectRoom(client, tenant, 1)
    await expectFreeName(client, tenant, contact.name, null)
    const { rows } = await client.query<StoredContact>(
      `insert into contacts (tenant_id, name, number, mobile, home) values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
      [tenant.id, contact.name, contact.number, contact.mobile, contact.home],
    )
    await record(client, tenant, actor, 'contact-add', contact.name)
    return rows[0]!
  })
}

/** Changes what is said and leaves the rest; null takes a number out. @throws AppError as {@link addContact}, `contact-unknown` */
export function changeContact(
  desk: PeopleDesk,
  tenant: Tenant,
  contact: string | number,
  texts: ContactTexts,
  actor: string,
): Promise<StoredContact> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const before = await findContact(client, tenant, contact)
    const after = requireContact(overlay(before, texts))
    await expectFreeName(client, tenant, after.name, before.id)
    await client.query('update contacts set name = $2, number = $3, mobile = $4, home = $5 where id = $1', [
      ...[before.id, after.name, after.number, after.mobile, after.home],
    ])
    await record(client, tenant, actor, 'contact-set', before.name)
    return { ...after, id: before.id }
  })
}

/** @param contact name, or id @throws AppError `contact-unknown` */
export function removeContact(
  desk: PeopleDesk,
  tenant: Tenant,
  contact: string | number,
  actor: string,
): Promise<void> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const { id, name } = await findContact(client, tenant, contact)
    await client.query('delete from contacts where id = $1', [id])
    await record(client, tenant, actor, 'contact-remove', name)
  })
}

/** @throws AppError `input-invalid` when the tenant would have more contacts than it may */
export async function expectRoom(client: Queryable, tenant: Tenant, added: number): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from contacts where tenant_id = $1',
    [tenant.id],
  )
  if (rows[0]!.count + added > MAX_CONTACTS)
    throw new AppError('input-invalid', `A phonebook holds at most ${MAX_CONTACTS} contacts. Remove some first.`)
}

async function findContact(client: Queryable, tenant: Tenant, contact: string | number): Promise<StoredContact> {
  const column = typeof contact === 'number' ? 'id' : 'name'
  const { rows } = await client.query<StoredContact>(
    `select ${COLUMNS} from contacts where tenant_id = $1 and ${column} = $2`,
    [tenant.id, contact],
  )
  if (rows[0]) return rows[0]
  const { rows: all } = await client.query<{ name: string }>('select name from contacts where tenant_id = $1', [
    tenant.id,
  ])
  const meant = nearest(
    String(contact),
    all.map(({ name }) => name),
  )
  const cure = meant ? `Is it ${quote(meant)}?` : 'List them with: offhook contact list'
  throw new AppError('contact-unknown', `There is no contact ${quote(String(contact))}. ${cure}`)
}

async function expectFreeName(client: Queryable, tenant: Tenant, name: string, id: number | null): Promise<void> {
  const { rowCount } = await client.query(
    'select from contacts where tenant_id = $1 and name = $2 and id is distinct from $3',
    [tenant.id, name, id],
  )
  if (rowCount)
    throw new AppError(
      'already-there',
      `There is a contact ${quote(name)} already. Change it, or add what tells the two apart.`,
    )
}

function overlay(before: Contact, texts: ContactTexts): ContactTexts {
  const said = CONTACT_FIELDS.filter((field) => texts[field] !== undefined)
  return { ...before, ...Object.fromEntries(said.map((field) => [field, texts[field]])) }
}

function requireContact(texts: ContactTexts): Contact {
  const read = readContact(texts)
  if (!(read instanceof Map)) return read
  const faults = [...read].map(
    ([field, { message, suggestion }]) => `${field}: ${message}${suggestion ? ` (${suggestion})` : ''}.`,
  )
  throw new AppError('input-invalid', faults.join(' '))
}

function record(client: Queryable, tenant: Tenant, actor: string, action: string, object: string): Promise<void> {
  return writeAudit(client, { tenantId: tenant.id, actor, action, object })
}
