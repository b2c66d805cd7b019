import { insertImportRows, type ImportRow, readImportRows } from '../db/imports.ts'
import type { Queryable } from '../db/pool.ts'
import { Secret } from '../model/secret.ts'
import type { Change, PersonPlan, Verdict } from '../plan/change.ts'
import type { Row, Value } from '../plan/row.ts'
import type { Vault } from '../secrets/vault.ts'

/** People per statement: few enough that their text does not add up in memory. */
const BATCH_PEOPLE = 100

type StoredValue = Exclude<Value, Secret> | { secret: number }
type StoredRow = Record<string, StoredValue>
type StoredChange = Omit<Change, 'before' | 'after'> & { before: StoredRow | null; after: StoredRow | null }

/** One person's part of a stored plan. */
export type StoredPerson = Pick<PersonPlan, 'row' | 'who' | 'verdict' | 'changes'>

export async function storePlan(
  client: Queryable,
  tenant: { id: number; slug: string },
  importId: number,
  people: PersonPlan[],
  vault: Vault,
): Promise<void> {
  for (let at = 0; at < people.length; at += BATCH_PEOPLE) {
    const batch = people.slice(at, at + BATCH_PEOPLE)
    const rows = batch.map((person) => serialise(person, vault, placeOf(tenant.slug, importId, person.row)))
    await insertImportRows(client, tenant.id, importId, rows)
  }
}

export async function loadPlan(
  client: Queryable,
  tenant: { slug: string },
  importId: number,
  vault: Vault,
): Promise<StoredPerson[]> {
  const rows = await readImportRows(client, importId)
  return rows.map((row) => parse(row, vault, placeOf(tenant.slug, importId, row.row)))
}

function placeOf(slug: string, importId: number, row: number) {
  return { tenant: slug, table: 'offhook.import_rows', row: `${importId}/${row}`, column: 'secrets' }
}

function serialise(person: PersonPlan, vault: Vault, place: ReturnType<typeof placeOf>): ImportRow {
  const secrets: string[] = []
  const hide = (row: Row | null): StoredRow | null => row && mapValues(row, (value) => hideSecret(value, secrets))
  const changes = person.changes.map((change) => ({
    ...change,
    before: hide(change.before),
    after: hide(change.after),
  }))
  return {
    row: person.row,
    verdict: person.verdict,
    who: person.who,
    changes: JSON.stringify(changes),
    secrets: secrets.length === 0 ? null : vault.seal(new Secret(JSON.stringify(secrets)), place),
  }
}

function hideSecret(value: Value, secrets: string[]): StoredValue {
  if (!(value instanceof Secret)) return value
  return { secret: secrets.push(value.reveal()) - 1 }
}

function parse(stored: ImportRow, vault: Vault, place: ReturnType<typeof placeOf>): StoredPerson {
  const secrets = stored.secrets ? (JSON.parse(vault.open(stored.secrets, place).reveal()) as string[]) : []
  const show = (row: StoredRow | null): Row | null =>
    row &&
    mapValues(row, (value) =>
      typeof value === 'object' && value !== null ? new Secret(secrets[value.secret]!) : value,
    )
  const changes = (JSON.parse(stored.changes) as StoredChange[]).map((change) => ({
    ...change,
    before: show(change.before),
    after: show(change.after),
  }))
  return { row: stored.row, who: stored.who, verdict: stored.verdict as Verdict, changes }
}

function mapValues<A, B>(row: Readonly<Record<string, A>>, convert: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, convert(value)]))
}
