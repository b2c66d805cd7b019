import { expect } from 'vitest'
import type { Tenant } from '../../../src/db/tenants.ts'
import { Secret } from '../../../src/model/secret.ts'
import type { PeopleDesk } from '../../../src/people/desk.ts'
import { findDrift } from '../../../src/people/find-drift.ts'
import { digestSipSecret } from '../../../src/secrets/digest.ts'
import type { TestDatabase } from '../../support/database.ts'
import { readSipPasswords } from '../sip-passwords.ts'

/** Whoever has an extension, and what of it is missing or too much: half a person. Who is suspended has no accounts. */
const HALVES = `
  with reachable as (select e.name, e.secret, e.extension_id, u.suspended from offhook.endpoints e
    join offhook.extensions x on x.id = e.extension_id left join offhook.users u on u.id = x.user_id)
  select x.number, 'route' as missing from offhook.extensions x join offhook.tenants t on t.id = x.tenant_id
  where not exists (select from asterisk.extensions a where a.exten = x.number and a.context = 't-' || t.slug)
    and (exists (select from reachable r where r.extension_id = x.id and not r.suspended)
      or exists (select from offhook.mailboxes m where m.extension_id = x.id))
  union all select m.number, 'voicemail' from offhook.mailboxes m join offhook.tenants t on t.id = m.tenant_id
  where not exists (select from asterisk.voicemail v where v.mailbox = m.number and v.context = t.slug)
  union all select r.name, p.part || case when p.there then ', suspended' else '' end from reachable r
    cross join lateral (values
      ('endpoint', exists (select from asterisk.ps_endpoints where id = r.name), true),
      ('aor', exists (select from asterisk.ps_aors where id = r.name), true),
      ('auth', exists (select from asterisk.ps_auths where id = r.name), r.secret is not null)) p (part, there, wanted)
  where p.there <> (p.wanted and not r.suspended)
  union all select a.id, 'endpoint of ours' from asterisk.ps_auths a
  where not exists (select from offhook.endpoints e where e.name = a.id)
  union all select u.username, 'change history' from offhook.users u
  where not exists (select from offhook.import_changes c where c.user_id = u.id)`

/**
 * Nobody is there by halves: each extension has its route, each mailbox its voicemail, each account its endpoint, AOR
 * and auth, and what Asterisk checks a password against follows from the password that we keep.
 */
export async function expectWhole(
  database: TestDatabase,
  desk: PeopleDesk,
  tenant: Tenant,
  what: string,
): Promise<void> {
  const { rows: halves } = await database.query(HALVES)
  expect(halves, what).toEqual([])
  const { rows: auths } = await database.query(
    'select id, password_digest, md5_cred, realm from asterisk.ps_auths where id like $1',
    [`%-${tenant.slug}`],
  )
  const secrets = await readSipPasswords(desk, tenant)
  for (const { id, password_digest, md5_cred, realm } of auths as Record<string, string>[]) {
    const digests = digestSipSecret(id!, realm!, new Secret(secrets.get(id!)!))
    const expected = [digests.passwordDigest.reveal(), digests.md5Credential.reveal()].flatMap((text) =>
      text.split(','),
    )
    const held = [password_digest, md5_cred].flatMap((text) => text?.split(',') ?? [])
    expect(held.length, what).toBeGreaterThan(0)
    for (const digest of held) expect(expected, `${what}: ${id!}`).toContain(digest)
  }
  expect(await findDrift(desk, tenant, { fix: false, actor: 'test' }), what).toMatchObject({
    changes: [],
    problems: [],
  })
}
