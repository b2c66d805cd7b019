import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
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
  // A key object is imported once; raw bytes would be imported again for every value, which costs six times the cipher.
  const derive = (use: string) => createSecretKey(Buffer.from(hkdfSync('sha256', key.reveal(), '', use, 32)))
  const cipherKey = derive('offhook secrets v1')
  const nonceKey = derive('offhook nonces v1')
  return {
    seal(secret, place) {
      const where = describePlace(place)
      const nonce = makeNonce(nonceKey, where, secret.reveal())
      const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce)
      cipher.setAAD(Buffer.from(where))
      const text = cipher.update(secret.reveal(), 'utf8')
      cipher.final()
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text])
    },
    open(sealed, place) {
      try {
        if (sealed[0] !== VERSION) throw new Error(`unknown version ${sealed[0]}`)
        const decipher = createDecipheriv('aes-256-gcm', cipherKey, sealed.subarray(1, 1 + NONCE_BYTES))
        decipher.setAAD(Buffer.from(describePlace(place)))
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

function describePlace(place: SecretPlace): string {
  return `${place.tenant}|${place.table}|${place.row}|${place.column}`
}

/**
 * The nonce follows from key, place and text, as in a synthetic IV: two different texts share one with a chance of
 * 2^-96, and a secret that an undo puts back stands in its row as the very bytes that it was.
 */
function makeNonce(nonceKey: KeyObject, place: string, text: string): Buffer {
  return createHmac('sha256', nonceKey).update(`${place}\0${text}`).digest().subarray(0, NONCE_BYTES)
}
