import type pg from 'pg'
import { inTransaction } from './pool.ts'

/**
 * Erases what old imports brought, planned and wrote; the history of who did what and how many stays. A tenant's
 * `retention_days` says how long it is kept after it was applied, or brought if it never was.
 * @returns how many imports were erased
 */
export function eraseOldImports(owner: pg.Pool, defaultDays: number): Promise<number> {
  // All or nothing: an import that says that it is erased is never looked at again.
  return inTransaction(owner, null, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `update offhook.imports i set erased_at = now(), content = null, errors = null, corrections = null, problems = '[]', warnings = '[]',
       refused = '[]', kept = '[]', detected = '{}', credentials_until = null,
       state = case when state in ('planned', 'planning', 'correcting', 'applying') then 'failed'
         when state = 'undoing' then 'applied' else state end,
       note = case when state in ('planned', 'planning', 'correcting', 'applying')
           then 'It was never applied, and is no longer kept.'
         when state = 'undoing' then 'What it wrote is no longer kept, so it was not undone.' else note end
     from offhook.tenants t where t.id = i.tenant_id and erased_at is null
       and coalesce(applied_at, i.created_at)
         < now() - make_interval(days => coalesce((t.defaults->>'retention_days')::int, $1))
     returning i.id`,
      [defaultDays],
    )
    const ids = rows.map(({ id }) => id)
    for (const table of ['import_rows', 'import_edits', 'import_changes', 'import_progress'])
      await client.query(`delete from offhook.${table} where import_id = any ($1)`, [ids])
    return ids.length
  })
}
