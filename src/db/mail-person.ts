import type { Queryable } from './pool.ts'

/** What a mail to a user may tell. Sealed columns come as they are stored. */
export type MailPerson = {
  username: string
  name: string | null
  email: string | null
  language: string | null
  password: Buffer | null
  extension: string | null
  mailbox: { id: number; number: string; pin: Buffer; pinInUse: string | null } | null
  /** Names of accounts that register. */
  accounts: string[]
}

/** Null when the user is gone. */
export async function readMailPerson(client: Queryable, tenantId: number, userId: number): Promise<MailPerson | null> {
  const { rows } = await client.query<
    Omit<MailPerson, 'mailbox'> & { box: number | null; box_number: string; pin: Buffer; pin_in_use: string | null }
  >(
    `select u.username, nullif(concat_ws(' ', u.first_name, u.last_name), '') as name, u.email, u.language, u.password,
       e.number as extension, b.id as box, b.number as box_number, b.pin, v.password as pin_in_use,
       array(select p.name from endpoints p where p.tenant_id = u.tenant_id and p.extension_id = e.id
         and p.secret is not null order by p.name) as accounts
     from users u join tenants t on t.id = u.tenant_id
     left join extensions e on (e.tenant_id, e.user_id) = (u.tenant_id, u.id)
     left join mailboxes b on (b.tenant_id, b.extension_id) = (e.tenant_id, e.id)
     left join asterisk.voicemail v on v.context = t.slug and v.mailbox = b.number
     where u.tenant_id = $1 and u.id = $2 order by e.id limit 1`,
    [tenantId, userId],
  )
  const [row] = rows
  if (!row) return null
  const { box, box_number, pin, pin_in_use, ...person } = row
  return { ...person, mailbox: box === null ? null : { id: box, number: box_number, pin, pinInUse: pin_in_use } }
}
