import { type CredentialsRow, readImportCredentials, takeCredentialsOnce } from '../../db/credentials.ts'
import { writeAudit } from '../../db/audit.ts'
import { findImport } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { writeTableHead, writeTableRows } from '../../import/write-table.ts'
import { AppError } from '../../model/app-error.ts'
import type { PeopleDesk } from '../desk.ts'

/** So many are opened at once: few enough that phones are not held up. */
const PAGE_PEOPLE = 200
/** Rows of people whom a file does not name are below 0. */
const FIRST_ROW = -0x80000000

const HEADER = [
  ...['extension', 'first_name', 'last_name', 'email', 'username', 'password', 'voicemail_pin'],
  ...['sip_server', 'sip_username', 'sip_password'],
]

/**
 * What the people whom an import made need to log in and to register, as CSV, once: a person with two accounts has two
 * rows. Later a new password is issued instead, see `reissueCredentials`.
 * @param sipHost where phones register; host or host:port
 * @throws AppError `import-unknown`; `credentials-gone` when they were taken or have expired
 */
export function takeCredentials(
  desk: PeopleDesk,
  tenant: Tenant,
  importId: number,
  run: { sipHost: string; actor: string },
): Promise<Buffer> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    await findImport(client, tenant.id, importId)
    if (!(await takeCredentialsOnce(client, importId)))
      throw new AppError(
        'credentials-gone',
        `The credentials of import ${importId} were taken already or have expired. Issue new ones: offhook user reissue`,
      )
    const parts = [writeTableHead(HEADER)]
    let people = 0
    for (let after: number | undefined = FIRST_ROW; after !== undefined;) {
      const page: CredentialsRow[] = await readImportCredentials(client, importId, { after, limit: PAGE_PEOPLE })
      const there = page.filter(({ userId }) => userId !== null)
      parts.push(writeTableRows(there.flatMap((person) => listRows(person, desk, tenant, run.sipHost))))
      people += there.length
      after = page.length < PAGE_PEOPLE ? undefined : page.at(-1)!.row
    }
    const object = `import ${importId}`
    await writeAudit(client, {
      ...{ tenantId: tenant.id, actor: run.actor, action: 'credentials', object, detail: { people } },
    })
    return Buffer.concat(parts)
  })
}

function listRows(person: CredentialsRow, { vault }: PeopleDesk, { slug }: Tenant, sipHost: string): string[][] {
  const open = (sealed: Buffer | null, table: string, row: number | null, column: string) =>
    sealed ? vault.open(sealed, { tenant: slug, table, row: String(row), column }).reveal() : ''
  const shared = [
    ...[person.extension ?? '', person.firstName ?? '', person.lastName ?? '', person.email ?? '', person.username],
    open(person.password, 'offhook.users', person.userId, 'password'),
    open(person.pin, 'offhook.mailboxes', person.mailboxId, 'pin'),
  ]
  if (person.endpoints.length === 0) return [[...shared, '', '', '']]
  return person.endpoints.map(({ id, name, secret }) => [
    ...shared,
    ...[sipHost, name, open(Buffer.from(secret, 'hex'), 'offhook.endpoints', id, 'secret')],
  ])
}
