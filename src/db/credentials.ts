import type { Queryable } from './pool.ts'

/** What somebody needs to log in and to register a phone, secrets still sealed. */
export type CredentialsRow = {
  /** Of the import. */
  row: number
  /** Null: they are gone since. */
  userId: number | null
  username: string
  firstName: string | null
  lastName: string | null
  email: string | null
  /** A temporary password that has not been used or expired. */
  password: Buffer | null
  extension: string | null
  mailboxId: number | null
  pin: Buffer | null
  /** In the order of their names. */
  endpoints: { id: number; name: string; secret: string }[]
}

/**
 * Of the people whom an import made, or whom it gave new passwords, in the order of its rows. The page is cut first: of
 * tables that were just filled PostgreSQL knows too little to do that by itself.
 * @param page `after`: the last row of the page before
 */
export async function readImportCredentials(
  client: Queryable,
  importId: number,
  page: { after: number; limit: number },
): Promise<CredentialsRow[]> {
  const { rows } = await client.query<CredentialsRow>(
    `with page as materialized (
       select c.row, c.user_id from import_changes c join imports i on i.id = c.import_id
       where c.import_id = $1 and (c.verdict = 'new' or i.options ? 'reissue') and c.row > $2 order by c.row limit $3)
     select page.row, u.id as "userId", u.username, u.first_name as "firstName", u.last_name as "lastName", u.email, u.password,
       x.number as extension, m.id as "mailboxId", m.pin,
       coalesce((select json_agg(json_build_object('id', e.id, 'name', e.name, 'secret', encode(e.secret, 'hex'))
         order by e.name) from endpoints e where e.extension_id = x.id and e.secret is not null), '[]') as endpoints
     from page left join users u on u.id = page.user_id left join extensions x on x.user_id = u.id
       left join mailboxes m on m.extension_id = x.id order by page.row`,
    [importId, page.after, page.limit],
  )
  return rows
}

/** Whoever comes first gets them; false for everybody after that, and once they have expired. */
export async function takeCredentialsOnce(client: Queryable, importId: number): Promise<boolean> {
  const { rowCount } = await client.query(
    'update imports set credentials_until = null where id = $1 and credentials_until > now()',
    [importId],
  )
  return rowCount === 1
}
