import type { Queryable } from './pool.ts'

/** What a company's phonebook is made of, in no order. */
export type BookRow = {
  kind: 'person' | 'group' | 'contact'
  name: string
  number: string
  mobile: string | null
  home: string | null
  firstName: string | null
  lastName: string | null
}

/** Whoever is suspended cannot be called; a group without a number neither. */
const ROWS = `select 'person' as kind, e.name, e.number, null as mobile, null as home,
    u.first_name as "firstName", u.last_name as "lastName"
  from directory_entries e left join users u on u.id = e.user_id
  where e.tenant_id = $1 and not coalesce(u.suspended, false)
  union all select 'group', name, number, null, null, null, null from groups
    where tenant_id = $1 and number is not null
  union all select 'contact', name, number, mobile, home, null, null from contacts where tenant_id = $1`

/** Who stands in the phonebook of a tenant, and the tenant's language; null: nobody said it. */
export async function readBookRows(
  client: Queryable,
  tenantId: number,
  timeoutMs: number,
): Promise<{ rows: BookRow[]; language: string | null }> {
  // The driver reads query_timeout of a single query too; its types do not say so.
  const ask = (text: string) => ({ text, values: [tenantId], query_timeout: timeoutMs })
  const [book, tenant] = await Promise.all([
    client.query<BookRow>(ask(ROWS)),
    client.query<{ language: string | null }>(ask('select tenant_language($1) as language')),
  ])
  return { rows: book.rows, language: tenant.rows[0]?.language ?? null }
}

/** How many entries that book has. */
export async function countBookRows(client: Queryable, tenantId: number): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from (${ROWS}) as book`, [
    tenantId,
  ])
  return rows[0]!.count
}
