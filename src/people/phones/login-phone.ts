import { writeAudit } from '../../db/audit.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { Secret } from '../../model/secret.ts'
import { generatePassword } from '../../secrets/generate.ts'
import type { PeopleDesk } from '../desk.ts'

/** What a phone answers when it is asked over HTTP: it is entered at the phone, or given to it by a redirect service. */
export type PhonePassword = { phone: string; user: string; password: Secret }

/** 93 bits of characters that do not look alike: what crossed a wire as a digest cannot be tried out. */
const LENGTH = 16

/**
 * Gives phones a password for HTTP, those that have none: one phone, or all of the tenant that have a MAC address.
 * @param phones `renew` gives new ones to those that have one too
 * @throws AppError `input-invalid` for a phone without a MAC address, `key-wrong`
 */
export async function givePasswords(
  desk: PeopleDesk,
  tenant: Tenant,
  phones: { deviceId: number | null; renew: boolean },
  actor: string,
): Promise<PhonePassword[]> {
  const { deviceId, renew } = phones
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<{ id: number; name: string; mac: string; password: Buffer | null }>(
      `select d.id, d.name, d.mac, l.password from devices d left join device_logins l on l.device_id = d.id
       where d.mac is not null and ($1::bigint is null or d.id = $1) order by d.name`,
      [deviceId],
    )
    if (deviceId !== null && rows.length === 0)
      throw new AppError('input-invalid', 'A softphone has no password for HTTP: it has a link of its own.')
    const fresh: { id: number; sealed: Buffer }[] = []
    const given = rows.map(({ id, name, mac, password: sealed }) => {
      const place = { tenant: tenant.slug, table: 'offhook.device_logins', row: String(id), column: 'password' }
      const password = sealed && !renew ? desk.vault.open(sealed, place) : generatePassword(LENGTH, false)
      if (!sealed || renew) fresh.push({ id, sealed: desk.vault.seal(password, place) })
      return { phone: name, user: mac, password }
    })
    if (fresh.length === 0) return given
    await client.query(
      `insert into device_logins (device_id, tenant_id, password)
       select id, $1, password from unnest($2::bigint[], $3::bytea[]) as v(id, password)
       on conflict (device_id) do update set password = excluded.password, created_at = now()`,
      [tenant.id, fresh.map(({ id }) => id), fresh.map(({ sealed }) => sealed)],
    )
    const object = deviceId === null ? 'all phones' : `device ${deviceId}`
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'login', object, detail: { given: fresh.length } })
    return given
  })
}
