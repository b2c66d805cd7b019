import { AppError } from '../model/app-error.ts'
import { Secret } from '../model/secret.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Queryable } from './pool.ts'

/** What stays the same for the life of an installation. `asteriskSchema` tells whether `asterisk` is ours to shape. */
export type Installation = { realm: string; asteriskSchema: 'ours' | 'foreign' }

/** As asterisk/site/pjsip.conf has it. Stored, because digests are made over it: it never changes afterwards. */
const REALM = 'offhook'

const KEY_CHECK = { tenant: '', table: 'offhook.installation', row: 'true', column: 'key_check' }

/**
 * Reads the installation, creating it the first time, and proves that the key is the one its secrets were sealed with.
 * @throws AppError `key-wrong`
 */
export async function openInstallation(client: Queryable, vault: Vault): Promise<Installation> {
  await client.query(
    `insert into offhook.installation (realm, key_check, asterisk_schema)
     select $1, $2, case when exists (
       select from pg_enum where enumtypid = to_regtype('asterisk.pjsip_auth_type_values_v2') and enumlabel = 'digest'
     ) then 'ours' else 'foreign' end
     on conflict do nothing`,
    [REALM, vault.seal(new Secret('offhook'), KEY_CHECK)],
  )
  const { rows } = await client.query<{ realm: string; key_check: Buffer; asterisk_schema: 'ours' | 'foreign' }>(
    'select realm, key_check, asterisk_schema from offhook.installation',
  )
  const [row] = rows
  try {
    vault.open(row!.key_check, KEY_CHECK)
  } catch (cause) {
    throw new AppError(
      'key-wrong',
      'OFFHOOK_KEY is not the key that this database was set up with, and nothing in it that is secret can be opened. ' +
        'Start with the key of that time: it belongs to the backup of the database, and cannot be made again.',
      { cause },
    )
  }
  return { realm: row!.realm, asteriskSchema: row!.asterisk_schema }
}
