import { hash } from 'node:crypto'
import { Secret } from '../model/secret.ts'
import { takeRandomBytes } from './generate.ts'

const TOKEN_BYTES = 16

/** 128 random bits in the 22 characters of base64url: the folder in a phone's provisioning URL. */
export function generateDeviceToken(): Secret {
  return new Secret(takeRandomBytes(TOKEN_BYTES).toString('base64url'))
}

/** What the look-up of a token compares: 256 bits of a 128-bit random value need no salt. */
export function hashDeviceToken(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
