import type pg from 'pg'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { WAITING_OF_TENANT } from '../../db/waiting-phones.ts'
import type { ContactOutcome } from '../../model/contact-outcome.ts'
import type { ProofWay } from '../../model/phone-proof.ts'
import type { PeopleDesk } from '../desk.ts'

/** One contact of a phone of the tenant, or of one that is in no list (`name` null). */
export type FollowedContact = {
  at: Date
  name: string | null
  mac: string | null
  transport: string
  address: string
  file: string
  family: string | null
  model: string | null
  firmware: string | null
  outcome: ContactOutcome
  /** By what a known phone proved which one it is; null: it got no file of its own. */
  way: ProofWay | null
  times: number
}

/** Several processes write at once: a number that was drawn earlier may be stored later, within this time. */
const OVERLAP_MS = 2_000

const contactOf = (alias: string) =>
  'transport address file family model firmware outcome'
    .split(' ')
    .map((column) => `${alias}.${column}`)
    .join()

/**
 * Reads what is new since the last reading, beginning with what comes after its making.
 * @param strangers phones in no list: all, for who works for the installation, or those that the tenant may see
 */
export async function followContacts(
  desk: PeopleDesk,
  owner: pg.Pool,
  tenant: Tenant,
  strangers: 'all' | 'own' = 'all',
): Promise<() => Promise<FollowedContact[]>> {
  const asTenant = <T extends object>(sql: string, values: unknown[]) =>
    inTransaction(desk.pool, tenant.id, async (client) => (await client.query<T & pg.QueryResultRow>(sql, values)).rows)
  const seen = new Map<number, number>()
  const waiting = new Map<number, number>()
  const [start] = await asTenant<{ id: number }>('select coalesce(max(id), 0) as id from device_contacts', [])
  let floor = start!.id

  const readKnown = async (): Promise<FollowedContact[]> => {
    const rows = await asTenant<{ id: number; contact: FollowedContact }>(
      `select c.id, to_json(r) as contact from device_contacts c join devices d on d.id = c.device_id,
         lateral (select c.at, d.name, d.mac, ${contactOf('c')}, c.way, c.times) r where c.id > $1 order by c.id`,
      [floor],
    )
    const nowMs = performance.now()
    const fresh = rows.filter(({ id }) => !seen.has(id))
    for (const { id } of fresh) seen.set(id, nowMs)
    for (const [id, atMs] of seen) {
      if (nowMs - atMs < OVERLAP_MS) continue
      floor = Math.max(floor, id)
      seen.delete(id)
    }
    return fresh.map(({ contact }) => ({ ...contact, at: new Date(contact.at) }))
  }
  const readUnknown = async (): Promise<FollowedContact[]> => {
    const { rows } = await owner.query<{ id: number; contacts: number; contact: FollowedContact }>(
      `select w.id, w.contacts, to_json(r) as contact from offhook.waiting_phones w,
         lateral (select w.last_at as at, null as name, w.mac, ${contactOf('w')}, null as way) r
       where w.last_at > now() - interval '1 minute' and ($1::bigint is null or ${WAITING_OF_TENANT}) order by w.last_at`,
      [strangers === 'all' ? null : tenant.id],
    )
    const found = rows.flatMap(({ id, contacts, contact }) => {
      const times = contacts - (waiting.get(id) ?? contacts - 1)
      return times === 0 ? [] : [{ ...contact, at: new Date(contact.at), times }]
    })
    waiting.clear()
    for (const { id, contacts } of rows) waiting.set(id, contacts)
    return found
  }
  await readUnknown()
  return async () => {
    const found = [...(await readKnown()), ...(await readUnknown())]
    return found.sort((one, other) => one.at.getTime() - other.at.getTime())
  }
}
