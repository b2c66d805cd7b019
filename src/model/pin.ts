import { Fault } from './fault.ts'
import { Secret } from './secret.ts'

const ASCENDING = '01234567890123456789'
const DESCENDING = '98765432109876543210'

/** Reads a voicemail PIN, 4 to 12 digits. No fault quotes it. Faults: `pin-invalid`, `pin-guessable`. */
export function parsePin(text: string): Secret | Fault {
  const pin = text.trim()
  if (!/^\d{4,12}$/.test(pin)) {
    return new Fault('pin-invalid', `The PIN has ${pin.length} characters or not only digits`, '4 to 12 digits')
  }
  if (!isGuessable(pin)) return new Secret(pin)
  return new Fault('pin-guessable', 'The PIN is a run or a repetition of digits', 'Digits without a pattern')
}

/** True for `1234`, `9876`, `7777`, `1212` and `123123`: what is tried first. */
function isGuessable(pin: string): boolean {
  return ASCENDING.includes(pin) || DESCENDING.includes(pin) || /^(\d+)\1+$/.test(pin)
}
