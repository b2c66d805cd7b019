import type { Secret } from '../model/secret.ts'
import { generateLinkToken } from '../secrets/link-token.ts'
import type { SecretPlace, Vault } from '../secrets/vault.ts'
import type { Queryable } from './pool.ts'

const PLACE: SecretPlace = { tenant: '', table: 'offhook.installation', row: 'true', column: 'voicemail_token' }

/** What Asterisk's side shows when it hands over a voicemail; null before it was first asked for. */
export async function readVoicemailToken(client: Queryable, vault: Vault): Promise<Secret | null> {
  const { rows } = await client.query<{ voicemail_token: Buffer | null }>(
    'select voicemail_token from offhook.installation',
  )
  const sealed = rows[0]?.voicemail_token
  return sealed ? vault.open(sealed, PLACE) : null
}

/** Makes the token at the first call, or another one with `rotate`: the one before is refused from then on. */
export async function provideVoicemailToken(client: Queryable, vault: Vault, rotate: boolean): Promise<Secret> {
  await client.query(`update offhook.installation set voicemail_token = $1 where voicemail_token is null or $2`, [
    vault.seal(generateLinkToken(), PLACE),
    rotate,
  ])
  return (await readVoicemailToken(client, vault))!
}
