import { hash, randomBytes } from 'node:crypto'
import { parseNetworks } from '../../access/networks.ts'
import { writeAudit } from '../../db/audit.ts'
import { type ClaimCodeRecord, insertClaimCode, listClaimCodes, revokeClaimCodes } from '../../db/claim-codes.ts'
import { inTransaction, type Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import { CLAIM_TRIES } from '../../model/claim.ts'
import { Fault } from '../../model/fault.ts'
import { parsePlainText } from '../../model/plain-text.ts'
import type { Secret } from '../../model/secret.ts'
import { generatePassword } from '../../secrets/generate.ts'
import type { PeopleDesk } from '../desk.ts'

const DIGITS = 8
const SALT_BYTES = 16
const LONGEST_MINUTES = 24 * 60
const MOST_PHONES = 10_000
const MOST_NETWORKS = 32

/** `networks`: where the phones ask from, e.g. `192.0.2.0/24`; none: anywhere. `phones`: how many it may give away. */
export type NewClaimCode = { installer: string; minutes: number; phones: number; networks: readonly string[] }

export type ViewedClaimCode = ClaimCodeRecord & { state: 'open' | 'expired' | 'revoked' | 'locked' | 'used-up' }

/**
 * Lets phones be claimed by dialling for a while. The code is told this once.
 * @param owner sees whether others install phones here, too: then nobody may ask for the phones of all the world
 * @throws AppError `input-invalid`
 */
export async function createClaimCode(
  desk: PeopleDesk,
  owner: Queryable,
  tenant: Tenant,
  wanted: NewClaimCode,
  actor: string,
): Promise<{ code: Secret; id: number; expires_at: Date }> {
  const { minutes, phones } = wanted
  const installer = parsePlainText(wanted.installer, { codePoints: 60 })
  if (installer instanceof Fault) throw new AppError('input-invalid', `The installer's name ${installer.message}`)
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST_MINUTES)
    throw new AppError('input-invalid', `A claim code lasts from 1 minute to a day (${LONGEST_MINUTES} minutes).`)
  if (!Number.isInteger(phones) || phones < 1 || phones > MOST_PHONES)
    throw new AppError('input-invalid', `A claim code is good for 1 to ${MOST_PHONES} phones.`)
  const networks = wanted.networks.map(readNetwork)
  if (networks.length > MOST_NETWORKS)
    throw new AppError('input-invalid', `A claim code has at most ${MOST_NETWORKS} networks.`)
  if (isWide(networks) && (await hasNeighbours(owner, tenant)))
    throw new AppError(
      'input-invalid',
      'Other organisations install phones here, too. Say where yours ask from, in networks of /16 (IPv6: /32) or smaller.',
    )
  const code = generatePassword(DIGITS, true)
  const salt = randomBytes(SALT_BYTES)
  const sha256 = hash('sha256', Buffer.concat([salt, Buffer.from(code.reveal())]), 'buffer')
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { id, expires_at } = await insertClaimCode(client, {
      ...{ tenantId: tenant.id, salt, sha256, installer, networks, phones, minutes, actor },
    })
    const detail = { installer, minutes, phones, networks }
    await writeAudit(client, {
      tenantId: tenant.id,
      actor,
      action: 'claim-code-create',
      object: `claim code ${id}`,
      detail,
    })
    return { code, id, expires_at }
  })
}

/** The newest first. */
export async function viewClaimCodes(desk: PeopleDesk, tenant: Tenant): Promise<ViewedClaimCode[]> {
  const codes = await inTransaction(desk.pool, tenant.id, (client) => listClaimCodes(client, tenant.id))
  return codes.map((code) => ({ ...code, state: stateOf(code) }))
}

/**
 * Ends one code, or with null all that are good. @returns how many
 * @throws AppError `claim-code-unknown` for one that is not good any more, or never was
 */
export function endClaimCodes(desk: PeopleDesk, tenant: Tenant, id: number | null, actor: string): Promise<number> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const ended = await revokeClaimCodes(client, tenant.id, id)
    if (id !== null && ended.length === 0)
      throw new AppError('claim-code-unknown', `No claim code ${id} is open. See: offhook claim-code list`)
    for (const each of ended)
      await writeAudit(client, {
        ...{ tenantId: tenant.id, actor, action: 'claim-code-revoke', object: `claim code ${each}` },
      })
    return ended.length
  })
}

/** Whether phones may ask from more than one site has. */
function isWide(networks: readonly string[]): boolean {
  const widest = (network: string) => (network.includes(':') ? 32 : 16)
  return networks.length === 0 || networks.some((each) => Number(each.split('/')[1] ?? 128) < widest(each))
}

async function hasNeighbours(owner: Queryable, tenant: Tenant): Promise<boolean> {
  const { rowCount } = await owner.query('select from offhook.users where tenant_id <> $1 limit 1', [tenant.id])
  return rowCount === 1
}

function stateOf({ revoked_at, expires_at, wrong_tries, phones_left }: ClaimCodeRecord): ViewedClaimCode['state'] {
  if (revoked_at) return 'revoked'
  if (expires_at.getTime() <= Date.now()) return 'expired'
  if (wrong_tries >= CLAIM_TRIES.code) return 'locked'
  return phones_left === 0 ? 'used-up' : 'open'
}

function readNetwork(text: string): string {
  const network = text.trim()
  try {
    parseNetworks([network])
    return network
  } catch {
    throw new AppError('input-invalid', `${JSON.stringify(text)} is no network such as 192.0.2.0/24.`)
  }
}
