import { createCipheriv, createDecipheriv, hkdfSync, randomFillSync } from 'node:crypto'
import { AppError } from '../model/app-error.ts'
import { Secret } from '../model/secret.ts'

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES

/** Where a secret lives. A sealed value moved to any other place cannot be opened. */
export type SecretPlace = { tenant: string; table: string; row: string; column: string }

/** Seals secrets for storage and opens them again (AES-256-GCM; the place is authenticated with it). */
export type Vault = {
  /** version (1) | nonce (12) | tag (16) | ciphertext */
  seal(secret: Secret, place: SecretPlace): Buffer
  /** @throws AppError `key-wrong` when the key, the place or the bytes are not those it was sealed with. */
  open(sealed: Buffer, place: SecretPlace): Secret
}

/** @param key text of the installation key (`OFFHOOK_KEY`), at least 32 characters */
export function createVault(key: Secret): Vault {
  const cipherKey = Buffer.from(hkdfSync('sha256', key.reveal(), '', 'offhook secrets v1', 32))
  const nextNonce = createNonces()
  return {
    seal(secret, place) {
      const nonce = nextNonce()
      const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce)
      cipher.setAAD(describePlace(place))
      const text = cipher.update(secret.reveal(), 'utf8')
      cipher.final()
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text])
    },
    open(sealed, place) {
      try {
        if (sealed[0] !== VERSION) throw new Error(`unknown version ${sealed[0]}`)
        const decipher = createDecipheriv('aes-256-gcm', cipherKey, sealed.subarray(1, 1 + NONCE_BYTES))
        decipher.setAAD(describePlace(place))
        decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES))
        const text = decipher.update(sealed.subarray(HEAD_BYTES))
        return new Secret(Buffer.concat([text, decipher.final()]).toString('utf8'))
      } catch (cause) {
        throw new AppError(
          'key-wrong',
          `The secret in ${place.table}.${place.column} cannot be opened with this key.`,
          {
            cause,
          },
        )
      }
    },
  }
}

function describePlace(place: SecretPlace): Buffer {
  return Buffer.from(`${place.tenant}|${place.table}|${place.row}|${place.column}`)
}

/** Random nonces, drawn in bulk: one call to the system for a few hundred of them. */
function createNonces(): () => Buffer {
  const pool = Buffer.alloc(NONCE_BYTES * 340)
  let used = pool.length
  return () => {
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    used += NONCE_BYTES
    return Buffer.from(pool.subarray(used - NONCE_BYTES, used))
  }
}
