import { readRows } from '../../apply/read-rows.ts'
import type { Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import { Fault } from '../../model/fault.ts'
import { parseNumber } from '../../model/number.ts'
import { callingCodeOf } from '../../model/rules.ts'
import { diffOwn } from '../../plan/diff.ts'
import type { Row } from '../../plan/row.ts'
import { readDefaultLayers } from '../default-layers.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from '../desk.ts'
import { writeChanges } from '../write-changes.ts'
import type { ListedDid } from './list-dids.ts'

const MAX_NUMBERS = 10_000

/**
 * Public numbers that the tenant has and that ring nobody yet. All of them or none.
 * @param texts as in a cell: with + and country code, or national where the tenant has a country
 * @throws AppError `input-invalid` naming every number that is none or in use on this system
 */
export function addDids(
  desk: PeopleDesk,
  tenant: Tenant,
  texts: readonly string[],
  actor: string,
): Promise<ListedDid[]> {
  if (texts.length === 0 || texts.length > MAX_NUMBERS)
    throw new AppError('input-invalid', `State 1 to ${MAX_NUMBERS} public numbers, such as +49301234567.`)
  return asOnlyWriter(desk, tenant, async (client) => {
    const callingCode = callingCodeOf((await readDefaultLayers(client, desk, tenant)).rulesAt(null))
    const read = texts.map((text) => parseNumber(text, callingCode))
    const faults = read.filter((number) => number instanceof Fault)
    if (faults.length > 0)
      throw new AppError(
        'input-invalid',
        faults.map(({ message, suggestion }) => `${message} (${suggestion}).`).join(' '),
      )
    const numbers = [...new Set(read.filter((number) => typeof number === 'string'))]
    await refuseTaken(client, desk, tenant, numbers)
    const { rows } = await client.query<{ id: number }>(`select nextval('ids') as id from generate_series(1, $1)`, [
      numbers.length,
    ])
    const dids = numbers.map((number, at): Row => ({
      ...{ id: rows[at]!.id, tenant_id: tenant.id, number, extension_id: null },
    }))
    const changes = diffOwn(
      [],
      dids.map((row) => ({ table: 'offhook.dids', row }) as const),
    )
    const detail = { numbers: numbers.slice(0, 100), count: numbers.length }
    await writeChanges(client, desk, tenant, changes, { actor, action: 'did-add', object: numbers[0]!, detail })
    return numbers.map((number, at) => ({ id: rows[at]!.id, number, extension: null, label: null, user: null }))
  })
}

async function refuseTaken(
  client: Queryable,
  desk: PeopleDesk,
  tenant: Tenant,
  numbers: readonly string[],
): Promise<void> {
  const own = await readRows(client, 'offhook.dids', 't.number = any ($1)', [numbers], codecOf(desk, tenant))
  const { rows: others } = await client.query<{ taken: string }>('select taken_dids($1) as taken', [numbers])
  const taken = [...own.map((did) => String(did['number'])), ...others.map((row) => row.taken)]
  if (taken.length > 0)
    throw new AppError('already-there', `In use on this system: ${taken.slice(0, 20).join(', ')}. Leave them out.`)
}
