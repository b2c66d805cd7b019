import type pg from 'pg'
import { writeAudit } from '../db/audit.ts'
import { findInvitation, type OpenInvitation, useInvitation } from '../db/invitations.ts'
import { inTransaction } from '../db/pool.ts'
import { setOwnPassword } from '../db/user-passwords.ts'
import { countCodePoints } from '../model/code-points.ts'
import type { Secret } from '../model/secret.ts'
import { digestLinkToken } from '../secrets/link-token.ts'
import { hashPassword } from '../secrets/password-hash.ts'

export const LEAST_PASSWORD_CHARACTERS = 12
const MOST_PASSWORD_CHARACTERS = 128

/** Null for a token that is wrong, used or expired: nobody learns which. `owner`: the token tells whose tenant it is. */
export async function openInvitation(owner: pg.Pool, token: string): Promise<OpenInvitation | null> {
  const digest = digestLinkToken(token)
  return digest && findInvitation(owner, digest)
}

/** Whether people may choose it for themselves. */
export function isLongEnough(password: Secret): boolean {
  const characters = countCodePoints(password.reveal())
  return characters >= LEAST_PASSWORD_CHARACTERS && characters <= MOST_PASSWORD_CHARACTERS
}

/**
 * Sets the password of who was invited; the link is then used up and a temporary password is erased.
 * @param app connections of the role offhook_app
 * @returns false when the link was used or expired meanwhile
 */
export async function acceptInvitation(app: pg.Pool, invitation: OpenInvitation, password: Secret): Promise<boolean> {
  const hash = await hashPassword(password)
  const { id, tenantId, userId } = invitation
  return inTransaction(app, tenantId, async (client) => {
    if (!(await useInvitation(client, id))) return false
    await setOwnPassword(client, userId, hash)
    const object = `user ${userId}`
    await writeAudit(client, { tenantId, actor: object, action: 'accept invitation', object })
    return true
  })
}
