import { countCodePoints } from './code-points.ts'
import { Fault } from './fault.ts'
import { Secret } from './secret.ts'

const MIN_CHARACTERS = 8
const MAX_CHARACTERS = 128

/** Reads a password as it is, outer blanks removed. No fault quotes it. Faults: `password-invalid`. */
export function parsePassword(text: string): Secret | Fault {
  const password = text.trim()
  const suggestion = `${MIN_CHARACTERS} to ${MAX_CHARACTERS} characters without line breaks`
  if (/[\p{Cc}\p{Zl}\p{Zp}\ufffd]/u.test(password) || !password.isWellFormed()) {
    return new Fault('password-invalid', 'The password holds an invisible or lost character', suggestion)
  }
  const characters = countCodePoints(password)
  if (characters >= MIN_CHARACTERS && characters <= MAX_CHARACTERS) return new Secret(password)
  return new Fault('password-invalid', `The password has ${characters} characters`, suggestion)
}
