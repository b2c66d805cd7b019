import { toArrayLiteral } from '../../db/array-literal.ts'
import { writeAudit } from '../../db/audit.ts'
import { inTransaction, type Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { readSource, type Source, type SourceOptions } from '../../import/read-source.ts'
import type { Problem } from '../../model/problem.ts'
import { asOnlyWriter, type PeopleDesk } from '../desk.ts'
import { type Contact, isSameContact } from './contact.ts'
import { expectRoom, type StoredContact } from './edit-contacts.ts'
import { readContacts } from './read-contacts.ts'

export type ContactImport = {
  counts: { new: number; changed: number; unchanged: number; removed: number; missing: number; problem: number }
  /** Names of who is new, changed or removed, in the order of the file. */
  changes: { verdict: 'new' | 'changed' | 'removed'; name: string }[]
  problems: Problem[]
  /** Columns that mean nothing to a phonebook. */
  ignored: string[]
  applied: boolean
}

export type ContactImportOptions = SourceOptions & {
  /** Write it; without, only say what would change. */
  apply?: boolean | undefined
  /** Remove contacts that are not in the list. */
  prune?: boolean | undefined
  /** Leave rows with problems out instead of refusing the whole. */
  onlyValid?: boolean | undefined
}

type Wanted = { created: Contact[]; changed: (Contact & { id: number })[]; removed: StoredContact[] }

/**
 * Brings contacts out of a file or by rows, matched by name: all of them or, with problems, none.
 * @throws AppError `input-invalid` for options that make no sense or more contacts than a tenant may have
 */
export async function importContacts(
  desk: PeopleDesk,
  tenant: Tenant,
  { source, actor }: { source: Source; actor: string },
  options: ContactImportOptions = {},
): Promise<ContactImport> {
  const { apply = false, prune = false, onlyValid = false, ...sourceOptions } = options
  const read = readContacts(await readSource(source, sourceOptions))
  const refused = read.problems.some(({ row }) => row === 0) || (read.problems.length > 0 && !onlyValid)
  const work = async (client: Queryable): Promise<ContactImport> => {
    const { rows: known } = await client.query<StoredContact>(
      'select id, name, number, mobile, home from contacts where tenant_id = $1',
      [tenant.id],
    )
    const wanted = compare(
      known,
      read.contacts.map(({ contact }) => contact),
    )
    const missing = wanted.removed.length
    // Whose row has a problem may be in the list after all.
    if (!prune || read.problems.length > 0) wanted.removed = []
    const applied = apply && !refused
    if (applied) await write(client, tenant, wanted, actor)
    const { created, changed, removed } = wanted
    const counts = {
      ...{ new: created.length, changed: changed.length, removed: removed.length, missing: missing - removed.length },
      unchanged: read.contacts.length - created.length - changed.length,
      problem: new Set(read.problems.filter(({ row }) => row > 0).map(({ row }) => row)).size,
    }
    const changes = [
      ...created.map(({ name }) => ({ verdict: 'new' as const, name })),
      ...changed.map(({ name }) => ({ verdict: 'changed' as const, name })),
      ...removed.map(({ name }) => ({ verdict: 'removed' as const, name })),
    ]
    return { counts, changes, problems: read.problems, ignored: read.ignored, applied }
  }
  return apply ? asOnlyWriter(desk, tenant, work) : inTransaction(desk.pool, tenant.id, work)
}

function compare(known: readonly StoredContact[], brought: readonly Contact[]): Wanted {
  const byName = new Map(known.map((contact) => [contact.name, contact]))
  const names = new Set(brought.map(({ name }) => name))
  return {
    created: brought.filter(({ name }) => !byName.has(name)),
    changed: brought.flatMap((contact) => {
      const before = byName.get(contact.name)
      return before && !isSameContact(before, contact) ? [{ ...contact, id: before.id }] : []
    }),
    removed: known.filter(({ name }) => !names.has(name)),
  }
}

async function write(client: Queryable, tenant: Tenant, wanted: Wanted, actor: string): Promise<void> {
  const { created, changed, removed } = wanted
  if (created.length + changed.length + removed.length === 0) return
  const columns = (contacts: readonly Contact[]) =>
    (['name', 'number', 'mobile', 'home'] as const).map((field) => toArrayLiteral(contacts.map((each) => each[field])))
  await client.query('delete from contacts where tenant_id = $1 and id = any ($2)', [
    tenant.id,
    removed.map(({ id }) => id),
  ])
  await client.query(
    `update contacts c set number = v.number, mobile = v.mobile, home = v.home
     from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as v(name, number, mobile, home)
     where c.tenant_id = $1 and c.name = v.name`,
    [tenant.id, ...columns(changed)],
  )
  await expectRoom(client, tenant, created.length)
  await client.query(
    `insert into contacts (tenant_id, name, number, mobile, home)
     select $1, v.* from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as v`,
    [tenant.id, ...columns(created)],
  )
  const detail = { new: created.length, changed: changed.length, removed: removed.length }
  await writeAudit(client, { tenantId: tenant.id, actor, action: 'contact-import', object: tenant.slug, detail })
}
