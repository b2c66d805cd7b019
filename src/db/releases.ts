import type { Mac } from '../model/mac.ts'
import type { Queryable } from './pool.ts'

/** `deviceId` null: every device of the tenant. Times are milliseconds of the database's clock. */
export type ReleaseWindow = { tenantId: number; deviceId: number | null; openedAtMs: number; closesAtMs: number }
export type ReleasedDevice = { id: number; tenantId: number; mac: Mac; family: string; sealedAtMs: number | null }

export type ReleaseRecords = {
  /** The database's clock when this was read. */
  nowMs: number
  /** Those that are not over. */
  windows: ReleaseWindow[]
  /** Desk phones that one of the windows is about. */
  devices: ReleasedDevice[]
  /** Tenants that let TFTP carry their configurations. */
  tftpTenantIds: number[]
}

const WINDOW = `tenant_id as "tenantId", device_id as "deviceId", ${epochMs('opened_at')} as "openedAtMs",
  ${epochMs('closes_at')} as "closesAtMs"`
const DEVICE = `d.id, d.tenant_id as "tenantId", d.mac, d.family, ${epochMs('d.sealed_at')} as "sealedAtMs"`

function epochMs(column: string): string {
  return `(extract(epoch from ${column}) * 1000)::float8`
}

/** Everything that decides whether a phone gets a file for its MAC address alone. */
export async function readReleases(client: Queryable): Promise<ReleaseRecords> {
  const windows = await client.query<ReleaseWindow & { nowMs: number }>(
    `select ${WINDOW}, ${epochMs('now()')} as "nowMs" from release_windows where closes_at > now()
     union all select null, null, null, null, ${epochMs('now()')}`,
  )
  const devices = await client.query<ReleasedDevice>(
    `select ${DEVICE} from devices d where d.mac is not null and (
       d.id in (select device_id from release_windows where closes_at > now())
       or d.tenant_id in (select tenant_id from release_windows where closes_at > now() and device_id is null))`,
  )
  const tenants = await client.query<{ id: number }>('select id from tenants where tftp_configs')
  return {
    nowMs: windows.rows.at(-1)!.nowMs,
    windows: windows.rows.slice(0, -1),
    devices: devices.rows,
    tftpTenantIds: tenants.rows.map(({ id }) => id),
  }
}
