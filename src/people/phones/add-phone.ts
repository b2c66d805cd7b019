import type pg from 'pg'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { Mac } from '../../model/mac.ts'
import type { Row } from '../../plan/row.ts'
import type { PlanModel, Supply } from '../../plan/supply.ts'
import { asOnlyWriter, type PeopleDesk } from '../desk.ts'
import { openSupply } from '../supply.ts'
import { writeChanges } from '../write-changes.ts'
import { expectForeignFree, expectPerson, expectPhone, findPhone, listPhone, readMac, readModel } from './find-phone.ts'
import { placeLine } from './place-line.ts'
import { planEdit } from '../plan-edit.ts'

/** A phone to be added: `mac` in any spelling, `model` as the families spell it. */
export type NewPhone = { mac: string; model: string }

/**
 * Gives somebody one more phone; those that they have stay. @returns the device's id
 * @throws AppError `input-invalid`, `user-unknown`, `already-there` for a phone that is known, `in-use` for a taken line
 */
export async function addPhone(
  desk: PeopleDesk,
  tenant: Tenant,
  { user, mac: text, model: modelName, line }: NewPhone & { user: number; line?: number | undefined },
  actor: string,
): Promise<number> {
  const [mac, model] = [readMac(text), readModel(desk, modelName)]
  return asOnlyWriter(desk, tenant, async (client) => {
    const person = await expectPerson(client, desk, tenant, user)
    const supply = await openSupply(client, 1, desk)
    const device = await makeDevice(client, desk, tenant, mac, model, supply)
    const owned: Row = { ...device, user_id: user, location_id: person.user['location_id']! }
    const place = { device: owned, taken: [], slots: model.lines, line, id: supply.nextId() }
    const after = placeLine(person, place)
    const changes = await planEdit(client, desk, tenant, { people: [person], rest: [] }, { people: [after], rest: [] })
    await writeChanges(client, desk, tenant, changes, {
      ...{ actor, action: 'phone-add', object: mac, detail: { user, model: model.model } },
    })
    return Number(device['id'])
  })
}

/** Adds a phone that is nobody's, as stock. @returns the device's id. Errors as in {@link addPhone} */
export async function addFreePhone(desk: PeopleDesk, tenant: Tenant, phone: NewPhone, actor: string): Promise<number> {
  const [mac, model] = [readMac(phone.mac), readModel(desk, phone.model)]
  return asOnlyWriter(desk, tenant, async (client) => {
    const device = await makeDevice(client, desk, tenant, mac, model, await openSupply(client, 1, desk))
    const rest = [{ table: 'offhook.devices', row: device } as const]
    const changes = await planEdit(client, desk, tenant, { people: [], rest: [] }, { people: [], rest })
    const detail = { model: model.model }
    await writeChanges(client, desk, tenant, changes, { actor, action: 'phone-add', object: mac, detail })
    return Number(device['id'])
  })
}

/**
 * Puts somebody on a phone that is there: one that was nobody's becomes theirs, a shared one gets one more line.
 * @throws AppError `device-unknown`, and as in {@link addPhone}
 */
export async function assignPhone(
  desk: PeopleDesk,
  tenant: Tenant,
  { user, mac: text, line }: { user: number; mac: string; line?: number | undefined },
  actor: string,
): Promise<void> {
  const mac = readMac(text)
  await asOnlyWriter(desk, tenant, async (client) => {
    const phone = await expectPhone(client, desk, tenant, mac)
    const person = await expectPerson(client, desk, tenant, user)
    const supply = await openSupply(client, 1, desk)
    const free = phone.device['user_id'] === null && phone.lines.length === 0
    const owner: Row = { user_id: user, location_id: phone.device['location_id'] ?? person.user['location_id']! }
    const device = free ? { ...phone.device, ...owner } : phone.device
    const slots = desk.models.get(String(device['model']).toLowerCase())?.lines ?? Infinity
    const after = placeLine(person, { device, taken: phone.lines, slots, line, id: supply.nextId() })
    const rest = listPhone(phone)
    const changes = await planEdit(
      client,
      desk,
      tenant,
      { people: [person], rest },
      { people: [after], rest: listPhone({ ...phone, device }) },
    )
    await writeChanges(client, desk, tenant, changes, {
      ...{ actor, action: 'phone-assign', object: mac, detail: { user } },
    })
  })
}

async function makeDevice(
  client: pg.PoolClient,
  desk: PeopleDesk,
  tenant: Tenant,
  mac: Mac,
  model: PlanModel,
  supply: Supply,
): Promise<Row> {
  if (await findPhone(client, desk, tenant, mac))
    throw new AppError(
      'already-there',
      `The phone ${mac} is there already. To put somebody on it: offhook phone assign`,
    )
  await expectForeignFree(client, mac)
  const token = supply.deviceToken()
  return {
    ...{ id: supply.nextId(), tenant_id: tenant.id, mac, name: mac, family: model.family, model: model.model },
    ...{ user_id: null, location_id: null, profile_id: null, settings: '{}', token },
    ...{ token_sha256: supply.hashToken(token), admin_password: supply.adminPassword() },
  }
}
