import type { Queryable } from './pool.ts'

/** `reachable`: it can be called; false too for a contact that does not answer Asterisk. */
export type AccountState = { endpoint: string; registered: boolean; reachable: boolean }

/** Notes what Asterisk says of accounts now; since when and until when follows from what was noted before. */
export async function noteAccountStates(owner: Queryable, states: readonly AccountState[]): Promise<void> {
  await owner.query(
    `insert into offhook.account_states as s (endpoint_id, tenant_id, registered_at, callable_at, gone_at, reachable)
     select e.id, e.tenant_id, case when v.registered then now() end, case when v.reachable then now() end,
       case when not v.registered then now() end, v.reachable
     from unnest($1::text[], $2::boolean[], $3::boolean[]) as v(name, registered, reachable)
       join offhook.endpoints e on e.name = v.name order by e.id
     on conflict (endpoint_id) do update set
       registered_at = case when excluded.registered_at is not null then coalesce(s.registered_at, now()) end,
       callable_at = case when s.reachable or excluded.reachable then now() else s.callable_at end,
       gone_at = case when excluded.registered_at is null
         then case when s.registered_at is null then s.gone_at else now() end end,
       reachable = excluded.reachable`,
    [
      states.map(({ endpoint }) => endpoint),
      states.map(({ registered }) => registered),
      states.map(({ reachable }) => reachable),
    ],
  )
}

/** Accounts that were registered when it was last looked. */
export async function listRegistered(owner: Queryable): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select e.name from offhook.account_states s join offhook.endpoints e on e.id = s.endpoint_id
     where s.registered_at is not null`,
  )
  return rows.map(({ name }) => name)
}
