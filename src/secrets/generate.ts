import { randomFillSync } from 'node:crypto'
import { Secret } from '../model/secret.ts'

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const DIGITS = '0123456789'
const READABLE = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'
const LOWER_CASE = 'abcdefghijklmnopqrstuvwxyz0123456789'
const SIP_SECRET_LENGTH = 24
const PIN_LENGTH = 6

/** 24 letters and digits, 142 bits: nothing in it needs quoting in any phone's format, in SQL or in Asterisk. */
export function generateSipSecret(): Secret {
  return new Secret(draw(LETTERS_AND_DIGITS, SIP_SECRET_LENGTH))
}

/** Name of an account that nobody owns, `claim.` and 82 random bits: no number of a person begins with a letter. */
export function generateClaimName(): string {
  return `claim.${draw(LOWER_CASE, 16)}`
}

/** Password of a phone's own web page: as strong, and accepted by every maker's length limits. */
export function generateAdminPassword(): Secret {
  return new Secret(draw(LETTERS_AND_DIGITS, 16))
}

/** A password for a person: without characters that look alike, for it may be read out. `length` in characters. */
export function generatePassword(length: number, digitsOnly: boolean): Secret {
  return new Secret(draw(digitsOnly ? DIGITS : READABLE, length))
}

/** Six digits that are not a run, a repeat or the box's own number. */
export function generatePin(mailbox: string): Secret {
  for (;;) {
    const pin = draw(DIGITS, PIN_LENGTH)
    if (!isGuessable(pin) && !pin.includes(mailbox)) return new Secret(pin)
  }
}

function isGuessable(pin: string): boolean {
  const steps = new Set(
    Array.from(pin)
      .slice(1)
      .map((digit, at) => Number(digit) - Number(pin[at])),
  )
  return new Set(pin).size < 3 || steps.size === 1
}

const pool = Buffer.alloc(65_536)
let used = pool.length

/** So many random bytes, to be used before the next are taken: fetching them one by one costs far more than they do. */
export function takeRandomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += count
  return pool.subarray(used - count, used)
}

/** Uniform choice: bytes beyond the last whole multiple of the alphabet are thrown away. */
function draw(alphabet: string, length: number): string {
  const limit = 256 - (256 % alphabet.length)
  let text = ''
  while (text.length < length)
    for (const byte of takeRandomBytes(length - text.length))
      if (byte < limit) text += alphabet[byte % alphabet.length]!
  return text
}
