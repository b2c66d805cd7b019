import type pg from 'pg'
import { readRows } from '../../apply/read-rows.ts'
import type { Tenant } from '../../db/tenants.ts'
import { makeChoice, type ParseChoice } from '../../import/choices.ts'
import { AppError } from '../../model/app-error.ts'
import { type Mac, parseMac } from '../../model/mac.ts'
import { quote } from '../../model/quote.ts'
import type { TableRow } from '../../plan/asterisk-rows.ts'
import type { PersonRows } from '../../plan/person-rows.ts'
import type { Row } from '../../plan/row.ts'
import type { PlanModel } from '../../plan/supply.ts'
import { codecOf, type PeopleDesk } from '../desk.ts'
import { listChoosable } from '../default-layers.ts'
import { readPeopleRows } from '../read-people-rows.ts'

/** A phone with everybody who is on it or owns it. */
export type FoundPhone = { device: Row; lines: Row[]; keys: Row[]; people: PersonRows[] }

/** @throws AppError `input-invalid` */
export function readMac(text: string): Mac {
  const mac = parseMac(text)
  if (mac === null) throw new AppError('input-invalid', `${quote(text)} is not a MAC address of 12 hexadecimal digits.`)
  return mac
}

/** Reads the model of a phone that stands on a desk, as people and boxes write it. */
export function chooseModel(desk: PeopleDesk): ParseChoice {
  const desks = new Map([...desk.models].filter(([, { softphone }]) => !softphone))
  return makeChoice('model', listChoosable(desks))
}

/** A model of a phone that stands on a desk. @throws AppError `input-invalid` naming the one that was meant */
export function readModel(desk: PeopleDesk, text: string): PlanModel {
  const name = chooseModel(desk)(text.trim())
  if (typeof name === 'string') return desk.models.get(name.toLowerCase())!
  const cure = name.repair === undefined ? `${name.suggestion}.` : `Did you mean ${name.repair}?`
  throw new AppError('input-invalid', `No family of desk phones knows the model ${quote(text)}. ${cure}`)
}

/** A phone of the tenant; null when it has none of that MAC address. */
export async function findPhone(
  client: pg.PoolClient,
  desk: PeopleDesk,
  tenant: Tenant,
  mac: Mac,
): Promise<FoundPhone | null> {
  const codec = codecOf(desk, tenant)
  const [device] = await readRows(client, 'offhook.devices', 't.tenant_id = $1 and t.mac = $2', [tenant.id, mac], codec)
  return device ? readPhone(client, desk, tenant, device) : null
}

/** What else there is to a device of the tenant. */
export async function readPhone(
  client: pg.PoolClient,
  desk: PeopleDesk,
  tenant: Tenant,
  device: Row,
): Promise<FoundPhone> {
  const codec = codecOf(desk, tenant)
  const lines = await readRows(client, 'offhook.lines', 't.device_id = $1', [device['id']], codec)
  const keys = await readRows(client, 'offhook.keys', 't.device_id = $1', [device['id']], codec)
  const { rows } = await client.query<{ id: number }>(
    `select distinct x.user_id as id from lines l join endpoints e on e.id = l.endpoint_id
       join extensions x on x.id = e.extension_id where l.device_id = $1 and x.user_id is not null
     union select user_id from devices where id = $1 and user_id is not null`,
    [device['id']],
  )
  const ids = rows.map(({ id }) => id)
  return { device, lines, keys, people: (await readPeopleRows(client, ids, codec)).people }
}

/** @throws AppError `device-unknown` */
export async function expectPhone(
  client: pg.PoolClient,
  desk: PeopleDesk,
  tenant: Tenant,
  mac: Mac,
): Promise<FoundPhone> {
  const phone = await findPhone(client, desk, tenant, mac)
  if (!phone) throw new AppError('device-unknown', `The tenant ${tenant.slug} has no phone ${mac}.`)
  return phone
}

/** @throws AppError `already-there` for a phone of another tenant, without saying whose */
export async function expectForeignFree(client: pg.PoolClient, mac: Mac): Promise<void> {
  const { rowCount } = await client.query('select taken_macs($1)', [[mac]])
  if (rowCount) throw new AppError('already-there', `The phone ${mac} is in use on this system. Check the MAC address.`)
}

/** @throws AppError `user-unknown` */
export async function expectPerson(
  client: pg.PoolClient,
  desk: PeopleDesk,
  tenant: Tenant,
  userId: number,
): Promise<PersonRows> {
  const { people } = await readPeopleRows(client, [userId], codecOf(desk, tenant))
  if (!people[0]) throw new AppError('user-unknown', `The tenant ${tenant.slug} has no user ${userId}.`)
  return people[0]
}

/** The phone's own rows. */
export function listPhone({ device, lines, keys }: Pick<FoundPhone, 'device' | 'lines' | 'keys'>): TableRow[] {
  return [
    { table: 'offhook.devices', row: device },
    ...lines.map((row) => ({ table: 'offhook.lines', row }) as const),
    ...keys.map((row) => ({ table: 'offhook.keys', row }) as const),
  ]
}
