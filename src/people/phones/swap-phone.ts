import type pg from 'pg'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { Mac } from '../../model/mac.ts'
import type { Row } from '../../plan/row.ts'
import type { PlanModel } from '../../plan/supply.ts'
import { asOnlyWriter, type PeopleDesk } from '../desk.ts'
import { writeChanges } from '../write-changes.ts'
import {
  expectForeignFree,
  expectPhone,
  findPhone,
  type FoundPhone,
  listPhone,
  readMac,
  readModel,
} from './find-phone.ts'
import { freshToken } from './free-device.ts'
import { planEdit } from '../plan-edit.ts'

/**
 * Replaces a phone by another that stands in its place: lines, keys and settings stay, the address is new. The new one
 * may be unknown, of the same model unless another is said, or one that is nobody's.
 * @throws AppError `input-invalid`, also when the new model has too few lines; `device-unknown`; `in-use` for a new phone
 *   that somebody is on; `already-there` for one of another tenant
 */
export async function swapPhone(
  desk: PeopleDesk,
  tenant: Tenant,
  { mac: oldText, by: newText, model: modelName }: { mac: string; by: string; model?: string | undefined },
  actor: string,
): Promise<void> {
  const [old, mac] = [readMac(oldText), readMac(newText)]
  if (old === mac) throw new AppError('input-invalid', `${mac} cannot take its own place.`)
  const said = modelName === undefined ? undefined : readModel(desk, modelName)
  await asOnlyWriter(desk, tenant, async (client) => {
    const phone = await expectPhone(client, desk, tenant, old)
    const stock = await takeFromStock(client, desk, tenant, mac)
    const device: Row = {
      ...phone.device,
      ...(stock && { family: stock.device['family']!, model: stock.device['model']! }),
      ...(said && { family: said.family, model: said.model }),
      ...{ mac, name: mac, ...freshToken() },
    }
    expectLines(phone, device, desk.models.get(String(device['model']).toLowerCase()))
    const people = phone.people.map((person) => ({
      ...person,
      devices: person.devices.map((other) => (other['id'] === device['id'] ? device : other)),
    }))
    const before = { people: phone.people, rest: [...listPhone(phone), ...(stock ? listPhone(stock) : [])] }
    const after = { people, rest: listPhone({ ...phone, device }) }
    const changes = await planEdit(client, desk, tenant, before, after)
    const detail = { by: mac, model: device['model'] }
    await writeChanges(client, desk, tenant, changes, { actor, action: 'phone-swap', object: old, detail })
    await client.query('update devices set sealed_at = null where id = $1', [device['id']])
    // They tell of the old phone; that it was swapped stands in the history.
    for (const table of ['device_contacts', 'device_resyncs'])
      await client.query(`delete from ${table} where device_id = $1`, [device['id']])
  })
}

/** The new phone's row where it is known; it must be nobody's. */
async function takeFromStock(
  client: pg.PoolClient,
  desk: PeopleDesk,
  tenant: Tenant,
  mac: Mac,
): Promise<FoundPhone | null> {
  const stock = await findPhone(client, desk, tenant, mac)
  if (!stock) await expectForeignFree(client, mac)
  if (stock && (stock.people.length > 0 || stock.lines.length > 0))
    throw new AppError('in-use', `Somebody is on the phone ${mac}. To free it: offhook phone remove ${mac} --keep`)
  return stock
}

function expectLines({ lines }: FoundPhone, device: Row, model: PlanModel | undefined): void {
  const highest = Math.max(0, ...lines.map((line) => Number(line['position'])))
  if (model && highest > model.lines)
    throw new AppError(
      'input-invalid',
      `The ${String(device['model'])} has ${model.lines} lines, and line ${highest} is in use.`,
    )
}
