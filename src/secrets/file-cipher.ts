import { type Cipheriv, createCipheriv, createHmac, hash } from 'node:crypto'
import type { FileCipher } from '../model/file-cipher.ts'
import type { Secret } from '../model/secret.ts'

const SALT_BYTES = 8
const KEY_BYTES = 32
const IV_BYTES = 16

/**
 * A phone's file as it leaves for a phone that holds the key. The same file is the same bytes each time, so that a phone
 * which has it is not sent it again: the salt follows from key and file.
 * @param key 16 characters of ASCII for `aes-ecb`
 */
export function encryptFile(cipher: FileCipher, key: Secret, file: Buffer): Buffer {
  if (cipher === 'aes-ecb') return run(createCipheriv('aes-128-ecb', Buffer.from(key.reveal(), 'latin1'), null), file)
  const salt = createHmac('sha256', key.reveal()).update(file).digest().subarray(0, SALT_BYTES)
  const derived = deriveBytes(key, salt)
  const body = run(
    createCipheriv('aes-256-cbc', derived.subarray(0, KEY_BYTES), derived.subarray(KEY_BYTES, KEY_BYTES + IV_BYTES)),
    file,
  )
  return Buffer.concat([Buffer.from('Salted__'), salt, body])
}

/** EVP_BytesToKey with MD5 and one round, as OpenSSL before 1.1 does unless told otherwise. */
function deriveBytes(key: Secret, salt: Buffer): Buffer {
  const blocks: Buffer[] = []
  for (let block = Buffer.alloc(0); blocks.length * 16 < KEY_BYTES + IV_BYTES; blocks.push(block))
    block = hash('md5', Buffer.concat([block, Buffer.from(key.reveal()), salt]), 'buffer')
  return Buffer.concat(blocks)
}

function run(cipher: Cipheriv, file: Buffer): Buffer {
  return Buffer.concat([cipher.update(file), cipher.final()])
}
