import type { ContactOutcome } from '../model/contact-outcome.ts'
import type { Mac } from '../model/mac.ts'
import type { ProofWay } from '../model/phone-proof.ts'
import type { PhoneRequest } from '../model/phone-request.ts'
import { toArrayLiteral } from './array-literal.ts'
import type { Queryable } from './pool.ts'

/** A contact on its way into the database; texts are printable and short. */
export type ContactRecord = {
  atMs: number
  deviceId: number | null
  mac: Mac | null
  transport: PhoneRequest['transport'] | 'pnp'
  address: string
  file: string
  userAgent: string
  family: string | null
  model: string | null
  firmware: string | null
  outcome: ContactOutcome
  detail: string | null
  bytes: number | null
  times: number
  fileName: string | null
  etag: string | null
  way: ProofWay | null
  /** Its configuration left where anybody on the way could read it. */
  exposes: boolean
}

const COLUMNS = [
  ['atMs', 'float8'],
  ['deviceId', 'bigint'],
  ['mac', 'text'],
  ['transport', 'text'],
  ['address', 'text'],
  ['file', 'text'],
  ['userAgent', 'text'],
  ['family', 'text'],
  ['model', 'text'],
  ['firmware', 'text'],
  ['outcome', 'text'],
  ['detail', 'text'],
  ['bytes', 'int'],
  ['times', 'int'],
  ['fileName', 'text'],
  ['etag', 'text'],
  ['way', 'text'],
  ['exposes', 'boolean'],
] as const satisfies readonly (readonly [keyof ContactRecord, string])[]

/** Of a phone in the inventory the story; of everybody else one row a MAC address and source, which the latest fills. */
const WRITE = `with said as (
    select * from unnest(${COLUMNS.map(([, type], at) => `$${at + 1}::${type}[]`).join(', ')}) with ordinality
      as v(at_ms, device_id, mac, transport, address, file, user_agent, family, model, firmware, outcome, detail, bytes,
        times, file_name, etag, way, exposes, place)
  ), seen as materialized (
    select v.*, to_timestamp(at_ms / 1000) as at, coalesce(a.id, b.id) as known, coalesce(a.tenant_id, b.tenant_id) as tenant,
      case when v.outcome = 'not-released' and exists (
        select from release_windows w where w.tenant_id = b.tenant_id and (w.device_id is null or w.device_id = b.id)
          and to_timestamp(at_ms / 1000) between w.opened_at and w.closes_at and w.opened_at < b.sealed_at)
        then 'sealed' else v.outcome end as reason
    from said v left join devices a on a.id = v.device_id
      left join devices b on v.device_id is null and b.mac = v.mac
  ), told as (
    insert into device_contacts (tenant_id, device_id, at, transport, address, file, user_agent, family, model, firmware,
      outcome, detail, bytes, times, way)
    select tenant, known, at, transport, address, file, user_agent, family, model, firmware, reason, detail, bytes, times,
      way
      from seen where known is not null order by place
    returning device_id
  ), kept as (
    insert into device_files as f (tenant_id, device_id, name, etag, served_at)
    select distinct on (known, file_name) tenant, known, file_name, etag, at
      from seen where known is not null and etag is not null and file_name is not null
        order by known, file_name, place desc
    on conflict (device_id, name) do update set etag = excluded.etag, served_at = excluded.served_at
      where f.etag <> excluded.etag
  ), exposed as (
    insert into device_exposures as x (device_id, tenant_id, at, transport, address)
    select distinct on (known) known, tenant, at, transport, address
      from seen where known is not null and exposes order by known, place desc
    on conflict (device_id) do update set at = excluded.at, transport = excluded.transport, address = excluded.address
      where x.at < excluded.at - interval '1 hour'
  ), strangers as (
    insert into waiting_phones as w (mac, address, first_at, last_at, contacts, transport, file, user_agent, family, model,
      firmware, outcome)
    select distinct on (mac, address) mac, address, min(at) over one, max(at) over one, sum(times) over one, transport,
      file, user_agent, family, model, firmware, outcome
      from seen where known is null and (mac is not null or outcome not in ('common', 'stored', 'absent'))
      window one as (partition by mac, address) order by mac, address, place desc
    on conflict (mac, address) do update set last_at = excluded.last_at, contacts = w.contacts + excluded.contacts,
      transport = excluded.transport, file = excluded.file, outcome = excluded.outcome,
      user_agent = case when excluded.user_agent = '' then w.user_agent else excluded.user_agent end,
      family = coalesce(excluded.family, w.family), model = coalesce(excluded.model, w.model),
      firmware = coalesce(excluded.firmware, w.firmware)
    returning 1
  )
  select (select coalesce(json_agg(g), '[]') from (
      select device_id as id, count(*)::int as rows from told group by device_id) g) as devices, (select count(*)::int from strangers) as strangers`

const TIMEOUT_MS = 15_000

/** How many rows each device got, and how many unknown phones were noted. */
export type Written = { devices: { id: number; rows: number }[]; strangers: number }

/**
 * Stores what phones asked for in one statement. A device that is deleted meanwhile makes it fail with SQLSTATE 23503.
 */
export async function writeContacts(client: Queryable, records: readonly ContactRecord[]): Promise<Written> {
  const values = COLUMNS.map(([field]) => toArrayLiteral(records.map((record) => record[field])))
  // The driver reads query_timeout of a single query too; its types do not say so.
  const query = { name: 'write contacts', text: WRITE, values, query_timeout: TIMEOUT_MS }
  const { rows } = await client.query<Written>(query)
  return rows[0]!
}

/** Keeps so many of the latest contacts that got a file, and as many that did not. @returns how many went */
export async function trimContacts(client: Queryable, devices: readonly number[], keep: number): Promise<number> {
  const { rowCount } = await client.query(
    `delete from device_contacts c using (
       select id, row_number() over (partition by device_id, outcome in ('served', 'common', 'stored') order by id desc) as place
       from device_contacts where device_id = any ($1)) o
     where c.id = o.id and o.place > $2`,
    [devices, keep],
  )
  return rowCount ?? 0
}

/** Deletes contacts that are so old, but the last good and the last bad one of each phone. @returns how many */
export async function eraseOldContacts(owner: Queryable, days: number): Promise<number> {
  const { rowCount } = await owner.query(
    `delete from offhook.device_contacts c where c.at < now() - make_interval(days => $1) and exists (
       select from offhook.device_contacts later where later.device_id = c.device_id and later.id > c.id
         and (later.outcome in ('served', 'common', 'stored')) = (c.outcome in ('served', 'common', 'stored')))`,
    [days],
  )
  return rowCount ?? 0
}
