import { readColumnWidths } from '../apply/column-widths.ts'
import { ReservedIds, UnseenIds } from '../db/reserved-ids.ts'
import type { Installation } from '../db/installation.ts'
import type { Queryable } from '../db/pool.ts'
import { Secret } from '../model/secret.ts'
import type { Row } from '../plan/row.ts'
import type { ProjectionSupply } from '../plan/asterisk-rows.ts'
import type { Supply } from '../plan/supply.ts'
import type { PeopleDesk } from './desk.ts'
import { generateDeviceToken, hashDeviceToken } from '../secrets/device-token.ts'
import { digestSipSecret } from '../secrets/digest.ts'
import { generateAdminPassword, generatePassword, generatePin, generateSipSecret } from '../secrets/generate.ts'

/** Rows that one new person may need: user, extension, two endpoints, mailbox, DID, device, line, entry. */
const IDS_PER_PERSON = 9

/** Stands for every secret of a plan that is only shown. */
const UNSEEN = new Secret('')

/** A supply that may be asked for more than it was opened for. */
export type OpenSupply = Supply & {
  /** Ids for so many people more. */
  reserve(client: Queryable, people: number): Promise<void>
}

/**
 * Fresh ids and secrets for a plan of so many people. Ids that it does not use are simply skipped. For a plan that is to
 * be shown and never written, none are taken and secrets are not made: that takes a third of the time of planning.
 */
export async function openSupply(
  client: Queryable,
  people: number,
  desk: PeopleDesk,
  use: 'write' | 'show' = 'write',
): Promise<OpenSupply> {
  const ids = use === 'write' ? new ReservedIds() : new UnseenIds()
  const reserve = (from: Queryable, more: number) => ids.reserve(from, more * IDS_PER_PERSON)
  await reserve(client, people)
  return {
    nextId: () => ids.next(),
    reserve,
    ...(use === 'write' ? SECRETS : UNSEEN_SECRETS),
    findWidth: await readColumnWidths(client),
    ...openProjection(desk),
  }
}

type Secrets = Pick<Supply, 'sipSecret' | 'pin' | 'password' | 'deviceToken' | 'adminPassword' | 'hashToken'>

const SECRETS: Secrets = {
  sipSecret: generateSipSecret,
  pin: generatePin,
  password: generatePassword,
  deviceToken: generateDeviceToken,
  adminPassword: generateAdminPassword,
  hashToken: (token) => hashDeviceToken(token.reveal()).toString('hex'),
}

const UNSEEN_SECRETS: Secrets = {
  sipSecret: () => UNSEEN,
  pin: () => UNSEEN,
  password: () => UNSEEN,
  deviceToken: () => UNSEEN,
  adminPassword: () => UNSEEN,
  hashToken: () => '',
}

/** What it takes to say what Asterisk shall hold. */
export function openProjection({ installation, models }: PeopleDesk): ProjectionSupply {
  return {
    authColumns: authColumns(installation),
    md5Families: new Set([...models.values()].filter(({ sha256 }) => !sha256).map(({ family }) => family)),
  }
}

/**
 * Digests instead of the password. Both lists of algorithms must be written: with the first alone, Asterisk drops the
 * whole object (config_auth.c compares both). A schema that is not ours may not know `digest`.
 */
function authColumns({ realm, asteriskSchema }: Installation): Supply['authColumns'] {
  return (user, secret, md5Only): Row => {
    const digests =
      secret === UNSEEN ? { passwordDigest: UNSEEN, md5Credential: UNSEEN } : digestSipSecret(user, realm, secret)
    if (asteriskSchema === 'foreign') return { auth_type: 'md5', realm, md5_cred: digests.md5Credential }
    const algorithms = md5Only ? 'MD5' : 'SHA-256,MD5'
    return {
      auth_type: 'digest',
      realm,
      password_digest: digests.passwordDigest,
      supported_algorithms_uas: algorithms,
      supported_algorithms_uac: algorithms,
    }
  }
}
