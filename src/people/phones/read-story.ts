import type pg from 'pg'
import { inTransaction } from '../../db/pool.ts'
import type { ResyncState } from '../../db/device-resyncs.ts'
import type { RedirectState } from '../../db/redirect-devices.ts'
import type { Tenant } from '../../db/tenants.ts'
import type { ContactOutcome } from '../../model/contact-outcome.ts'
import type { ProofWay } from '../../model/phone-proof.ts'
import type { PeopleDesk } from '../desk.ts'
import { findDeviceId } from '../find-device.ts'

/** One request of a phone; `times`: the same again within a moment. */
export type StoryContact = {
  at: Date
  transport: string
  address: string
  file: string
  family: string | null
  model: string | null
  firmware: string | null
  outcome: ContactOutcome
  detail: string | null
  /** By what it proved which one it is, where it got its own file. */
  way: ProofWay | null
  times: number
}

export type StoryAccount = {
  name: string
  line: number
  /** Its person is suspended. */
  suspended: boolean
  /** How many phones are on it. */
  phones: number
  /** Where it is registered now. */
  contacts: { uri: string; userAgent: string | null }[]
  /** Since when without a break. */
  registered_at: Date | null
  callable_at: Date | null
  gone_at: Date | null
  /** Null: no server that is connected to Asterisk has looked yet. */
  reachable: boolean | null
}

export type StoryResync = {
  state: ResyncState
  reason: string
  told_at: Date | null
  ended_at: Date | null
  note: string | null
}

/** Everything that is known of a phone from outside of its configuration. */
export type PhoneStory = {
  id: number
  name: string
  mac: string | null
  family: string
  model: string
  sealed_at: Date | null
  /** Until when it gets its files by its MAC address alone. */
  released_until: Date | null
  accounts: StoryAccount[]
  /** What it last said of itself when it got a file; null: nothing. */
  seen: Pick<StoryContact, 'family' | 'model' | 'firmware'> | null
  last_served: StoryContact | null
  /** It got what is the same for all, or was told by multicast where its files are. */
  last_common: StoryContact | null
  last_refused: StoryContact | null
  /** Before it was in the list, from where it asked last. */
  last_unlisted: StoryContact | null
  resync: StoryResync | null
  /** How far its maker's service is with sending it here; null: no account there takes it. */
  redirect: { service: string; state: RedirectState; reason: string | null; altered_to: string | null } | null
  /** When its configuration last left where anybody on the way could read it; null: never since its passwords were made. */
  exposed: { at: Date; transport: string; address: string } | null
  /** The one that it is known by. */
  certificate: { subject: string; issuer: string; expires_at: Date; pinned_at: Date } | null
  /** The latest first; in a list of phones only the latest of each kind. */
  contacts: StoryContact[]
}

/** It was asked for its password, as always, and answered. */
const ANSWERED = `outcome = 'login-asked' and exists (select from device_contacts later
  where later.device_id = d.id and later.id > device_contacts.id and later.outcome = 'served')`

/** The latest contact of device `d` that fits. */
const latest = (
  where: string,
) => `(select to_json(s) from (select at, transport, address, file, family, model, firmware,
  outcome, detail, way, times from device_contacts where device_id = d.id and ${where} order by id desc limit 1) s)`

const ACCOUNTS = `coalesce((select json_agg(a order by a.line) from (
  select e.name, l.position as line, coalesce(u.suspended, false) as suspended,
    (select count(*)::int from lines o where o.endpoint_id = e.id) as phones,
    coalesce((select json_agg(json_build_object('uri', replace(c.uri, '^3B', ';'), 'userAgent', c.user_agent)
        order by c.id) from asterisk.ps_contacts c where c.endpoint = e.name
        and c.expiration_time > extract(epoch from now())), '[]') as contacts,
    s.registered_at, s.callable_at, s.gone_at, s.reachable
  from lines l join endpoints e on e.id = l.endpoint_id join extensions x on x.id = e.extension_id
    left join users u on u.id = x.user_id left join account_states s on s.endpoint_id = e.id
  where l.device_id = d.id) a), '[]')`

const STORY = `select d.id, d.name, d.mac, d.family, d.model, d.sealed_at,
  (select max(w.closes_at) from release_windows w where w.closes_at > now()
    and (w.device_id = d.id or (w.device_id is null and w.tenant_id = d.tenant_id))
    and w.opened_at >= coalesce(d.sealed_at, w.opened_at)) as released_until,
  ${ACCOUNTS} as accounts,
  ${latest(`outcome = 'served' and family is not null`)} as seen,
  ${latest(`outcome = 'served'`)} as last_served,
  ${latest(`outcome in ('common', 'told')`)} as last_common,
  ${latest(`outcome not in ('served', 'common', 'told', 'stored', 'absent', 'unlisted') and not (${ANSWERED})`)} as last_refused,
  ${latest(`outcome = 'unlisted'`)} as last_unlisted,
  (select to_json(r) from (select state, reason, told_at, ended_at, note from device_resyncs where device_id = d.id) r)
    as resync,
  (select to_json(m) from (select a.service, r.state, r.reason, r.altered_to from redirect_devices r
    join redirect_accounts a on a.id = r.account_id where r.mac = d.mac and r.tenant_id = d.tenant_id limit 1) m) as redirect,
  (select to_json(x) from (select at, transport, address from device_exposures where device_id = d.id) x) as exposed,
  (select to_json(c) from (select subject, issuer, expires_at, pinned_at from device_certificates
    where device_id = d.id) c) as certificate
  from devices d`

const SHOWN = 15

/** The stories of all phones of the tenant, by name, each with nothing but the latest contact of each kind. */
export function listStories(desk: PeopleDesk, tenant: Tenant): Promise<PhoneStory[]> {
  return inTransaction(desk.pool, tenant.id, (client) => readStories(client, 'true', []))
}

/** The story of a phone, as {@link findDeviceId} finds it. @throws AppError `device-unknown` */
export function readStory(desk: PeopleDesk, tenant: Tenant, text: string): Promise<PhoneStory> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const id = await findDeviceId(client, tenant, text)
    const [story] = await readStories(client, 'd.id = $1', [id])
    const { rows } = await client.query<StoryContact>(
      `select at, transport, address, file, family, model, firmware, outcome, detail, way, times from device_contacts
       where device_id = $1 order by at desc, id desc limit $2`,
      [id, SHOWN],
    )
    return { ...story!, contacts: rows }
  })
}

const KINDS = ['last_served', 'last_common', 'last_refused', 'last_unlisted'] as const

async function readStories(client: pg.PoolClient, where: string, values: unknown[]): Promise<PhoneStory[]> {
  const { rows } = await client.query<PhoneStory>(`${STORY} where ${where} order by d.name`, values)
  return rows.map((row) => {
    const { last_served, last_common, last_refused, last_unlisted } = Object.fromEntries(
      KINDS.map((kind) => [kind, reviveTimes(row[kind])]),
    ) as Pick<PhoneStory, (typeof KINDS)[number]>
    const contacts = [last_served, last_common, last_refused, last_unlisted].filter((contact) => contact !== null)
    return {
      ...row,
      ...{ last_served, last_common, last_refused, last_unlisted, resync: reviveTimes(row.resync) },
      ...{ exposed: reviveTimes(row.exposed), certificate: reviveTimes(row.certificate) },
      accounts: row.accounts.map((account) => reviveTimes(account)),
      contacts: contacts.sort((one, other) => other.at.getTime() - one.at.getTime()),
    }
  })
}

/** What went through JSON has its times as text. */
function reviveTimes<T extends object | null>(row: T): T {
  if (row === null) return row
  const revived = Object.entries(row).map(([name, value]) => {
    const isTime = typeof value === 'string' && (name === 'at' || name.endsWith('_at'))
    return [name, isTime ? new Date(value) : (value as unknown)]
  })
  return Object.fromEntries(revived) as T
}
