import type { Mac } from '../model/mac.ts'
import { toArrayLiteral } from './array-literal.ts'
import type { Queryable } from './pool.ts'

/** A phone of the inventory; `sha256` is the certificate that it came with first, in hex. */
export type CertifiedDevice = { id: number; sha256: string | null }

export type PinnedCertificate = { deviceId: number; sha256: string; subject: string; issuer: string; expiresAt: Date }

/** The phone of that MAC address, whose tenant needs not be known; null when there is none. */
export async function findCertified(client: Queryable, mac: Mac, timeoutMs: number): Promise<CertifiedDevice | null> {
  const { rows } = await client.query<CertifiedDevice>({
    name: 'boot device by certificate',
    text: `select d.id, c.sha256 from devices d left join device_certificates c on c.device_id = d.id where d.mac = $1`,
    values: [mac],
    // The driver reads query_timeout of a single query too; its types do not say so.
    ...{ query_timeout: timeoutMs },
  })
  return rows[0] ?? null
}

/** Keeps certificates by which phones are known from now on. Phones that are deleted meanwhile are left out. */
export async function pinCertificates(client: Queryable, pins: readonly PinnedCertificate[]): Promise<void> {
  const column = (field: keyof PinnedCertificate) =>
    toArrayLiteral(pins.map((pin) => (pin[field] instanceof Date ? pin[field].toISOString() : pin[field])))
  await client.query(
    `insert into device_certificates as c (device_id, tenant_id, sha256, subject, issuer, expires_at)
     select d.id, d.tenant_id, v.sha256, v.subject, v.issuer, v.expires_at
     from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
       as v(device_id, sha256, subject, issuer, expires_at) join devices d on d.id = v.device_id
     on conflict (device_id) do update set sha256 = excluded.sha256, subject = excluded.subject,
       issuer = excluded.issuer, expires_at = excluded.expires_at, pinned_at = now() where c.sha256 <> excluded.sha256`,
    (['deviceId', 'sha256', 'subject', 'issuer', 'expiresAt'] as const).map(column),
  )
}
