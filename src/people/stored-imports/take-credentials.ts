import { type CredentialsRow, readImportCredentials, takeCredentialsOnce } from '../../db/credentials.ts'
import { writeAudit } from '../../db/audit.ts'
import { findImport } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { writeTable } from '../../import/write-table.ts'
import { AppError } from '../../model/app-error.ts'
import type { PeopleDesk } from '../desk.ts'

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
    const people = await readImportCredentials(client, importId)
    const object = `import ${importId}`
    await writeAudit(client, {
      ...{ tenantId: tenant.id, actor: run.actor, action: 'credentials', object, detail: { people: people.length } },
    })
    return writeTable(
      HEADER,
      people.flatMap((person) => listRows(person, desk, tenant, run.sipHost)),
    )
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
