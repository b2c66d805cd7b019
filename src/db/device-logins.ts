import type { Mac } from '../model/mac.ts'
import type { Queryable } from './pool.ts'

export type LoginRecord = {
  deviceId: number
  tenantSlug: string
  mac: Mac
  family: string
  /** Sealed. */
  password: Buffer
}

export type LoginRecords = {
  /** The folders where phones are asked for their passwords, with the tenant whose phones they are. */
  addresses: { path: string; tenantSlug: string }[]
  /** Of phones whose tenant opened such a folder. */
  logins: LoginRecord[]
}

/** Everything that decides about passwords of phones. Needs a role that sees every tenant. */
export async function readLogins(client: Queryable): Promise<LoginRecords> {
  const addresses = await client.query<LoginRecords['addresses'][number]>(
    'select a.path, t.slug as "tenantSlug" from login_addresses a join tenants t on t.id = a.tenant_id',
  )
  if (addresses.rows.length === 0) return { addresses: [], logins: [] }
  const logins = await client.query<LoginRecord>(
    `select l.device_id as "deviceId", t.slug as "tenantSlug", d.mac, d.family, l.password
     from device_logins l join devices d on d.id = l.device_id join tenants t on t.id = l.tenant_id
       join login_addresses a on a.tenant_id = l.tenant_id where d.mac is not null`,
  )
  return { addresses: addresses.rows, logins: logins.rows }
}
