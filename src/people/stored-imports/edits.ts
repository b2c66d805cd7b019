import { readEdits, type StoredEdit, writeEdits } from '../../db/import-edits.ts'
import type { Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import type { RowEdit } from '../../import/row-edit.ts'
import { Secret } from '../../model/secret.ts'
import type { Vault } from '../../secrets/vault.ts'

/** What admins corrected in an import, by row; of all rows, or of these. */
export async function loadEdits(
  client: Queryable,
  tenant: Tenant,
  importId: number,
  vault: Vault,
  rows?: readonly number[],
): Promise<Map<number, RowEdit>> {
  const stored = await readEdits(client, importId, rows)
  return new Map(stored.map((edit) => [edit.row, openEdit(edit, tenant, importId, vault)]))
}

/** Adds corrections to those that the rows have; a text that is corrected again replaces the one before. */
export async function mergeEdits(
  client: Queryable,
  run: { tenant: Tenant; importId: number; actor: string; vault: Vault },
  edits: ReadonlyMap<number, RowEdit>,
): Promise<void> {
  const { tenant, importId, actor, vault } = run
  const before = await loadEdits(client, tenant, importId, vault, [...edits.keys()])
  const merged = [...edits].map(([row, edit]): StoredEdit => {
    const values = { ...before.get(row)?.values, ...edit.values }
    const whole: RowEdit = { values, skip: edit.skip ?? before.get(row)?.skip }
    return { row, edit: vault.seal(new Secret(JSON.stringify(whole)), placeOf(tenant.slug, importId, row)) }
  })
  await writeEdits(client, { tenantId: tenant.id, importId, actor }, merged)
}

function openEdit({ row, edit }: StoredEdit, tenant: Tenant, importId: number, vault: Vault): RowEdit {
  return JSON.parse(vault.open(edit, placeOf(tenant.slug, importId, row)).reveal()) as RowEdit
}

function placeOf(slug: string, importId: number, row: number) {
  return { tenant: slug, table: 'offhook.import_edits', row: `${importId}/${row}`, column: 'edit' }
}
