import type pg from 'pg'
import { inTransaction } from './pool.ts'
import { PASSWORD_FAULT } from './user-passwords.ts'

/** How many there are of something, in all tenants. */
export type Figure = {
  name:
    | 'imports'
    | 'mails'
    | 'webhook_deliveries'
    | 'devices'
    | 'redirects'
    | 'redirects_altered'
    | 'outbox_waiting'
    | 'endpoints_registered'
    | 'password_faults'
  /** State or family; empty where there is but one figure. */
  label: string
  value: number
}

/** Reads them all at once, or fails in time. @param owner connections of the owner */
export function readFigures(owner: pg.Pool, timeoutMs: number): Promise<Figure[]> {
  return inTransaction(owner, null, async (client) => {
    await client.query(`select set_config('statement_timeout', $1, true)`, [String(timeoutMs)])
    const { rows } = await client.query<Figure>(
      `select 'imports' as name, state as label, count(*) as value from offhook.imports group by state
       union all select 'mails', state, count(*) from offhook.mails group by state
       union all select 'webhook_deliveries', state, count(*) from offhook.webhook_deliveries group by state
       union all select 'devices', family, count(*) from offhook.devices group by family
       union all select 'redirects', state, count(*) from offhook.redirect_devices group by state
       union all select 'redirects_altered', '', count(*) from offhook.redirect_devices where altered_at is not null
       union all select 'outbox_waiting', '', count(*) from offhook.outbox where done_at is null
       union all select 'endpoints_registered', '', count(distinct endpoint) from asterisk.ps_contacts
         where expiration_time > extract(epoch from now())
       union all select 'password_faults', '', count(*) from offhook.users u where ${PASSWORD_FAULT}`,
    )
    return rows
  })
}
