import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { encryptFile } from '../../src/secrets/file-cipher.ts'
import { bundle } from '../support/debian/bundle.ts'

const KEY = 'Key0fThisSite123'
const openssl = (await bundle('tools')).program('openssl')

/** What OpenSSL makes of it, as the makers' guides tell administrators to do it. */
const decrypt = (words: readonly string[], input: Buffer) =>
  execFileSync(openssl, ['enc', '-d', ...words], { input, stdio: 'pipe' })
const SALTED = ['-aes-256-cbc', '-md', 'md5', '-k', KEY]
const ECB = ['-aes-128-ecb', '-K', Buffer.from(KEY).toString('hex')]

const file = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))

test('OpenSSL opens what a Grandstream or a Cisco phone gets, with the phrase', () => {
  fc.assert(
    fc.property(file, (bytes) => {
      const encrypted = encryptFile('openssl-salted', new Secret(KEY), bytes)
      expect(encrypted.subarray(0, 8).toString()).toBe('Salted__')
      expect(decrypt(SALTED, encrypted)).toEqual(bytes)
    }),
    { numRuns: 12 },
  )
}, 60_000)

test('OpenSSL opens what a Yealink phone gets, with the characters of the key as they are', () => {
  fc.assert(
    fc.property(file, (bytes) => {
      expect(decrypt(ECB, encryptFile('aes-ecb', new Secret(KEY), bytes))).toEqual(bytes)
    }),
    { numRuns: 12 },
  )
}, 60_000)

test('with another key nothing of the file comes out', () => {
  const bytes = Buffer.from('account.1.password = hR4t-line1-wZ81\n'.repeat(8))
  const encrypted = encryptFile('openssl-salted', new Secret('An0ther0neOfThem'), bytes)
  expect(encrypted.includes('hR4t')).toBe(false)
  let opened = Buffer.alloc(0)
  try {
    opened = decrypt(SALTED, encrypted)
  } catch {
    // Most often the padding is wrong, and OpenSSL says so.
  }
  expect(opened.includes('hR4t')).toBe(false)
})

test('the same file is the same bytes again, and another file has another salt', () => {
  const one = encryptFile('openssl-salted', new Secret(KEY), Buffer.from('one'))
  expect(encryptFile('openssl-salted', new Secret(KEY), Buffer.from('one'))).toEqual(one)
  const two = encryptFile('openssl-salted', new Secret(KEY), Buffer.from('two'))
  expect(two.subarray(8, 16)).not.toEqual(one.subarray(8, 16))
})
