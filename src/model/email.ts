import { Fault } from './fault.ts'
import { isHostName } from './host.ts'
import { quote } from './quote.ts'

/** RFC 5322 dot-atom, which is what mail systems hand out; quoted local parts are refused on purpose. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const INSIDE = /^(?:mailto:|[^<>]*<)?([^<>\s]+@[^<>\s]+?)>?$/i

const INVISIBLE = /[\s\p{Cc}\p{Cf}]/gu

/** Reads an e-mail address, lower case, at most 254 characters (RFC 5321). Faults: `email-invalid`. */
export function parseEmail(text: string): string | Fault {
  const address = text.trim().toLowerCase()
  if (isEmail(address)) return address
  const repair = respell(address)
  const suggestion = repair ?? 'An address such as anna.berg@example.org'
  return new Fault('email-invalid', `${quote(text)} is not an e-mail address`, suggestion, repair)
}

/** Takes the address out of `Anna <…>` and `mailto:…`, and blanks, doubled dots and commas for dots out of it. */
function respell(address: string): string | undefined {
  const inside = INSIDE.exec(address)?.[1] ?? address
  const at = inside.lastIndexOf('@')
  const host = inside.slice(at + 1).replaceAll(',', '.')
  const whole = `${inside.slice(0, at + 1)}${host}`.replaceAll(INVISIBLE, '')
  const tidy = whole
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^[.;,'"]+|[.;,'"]+$/g, '')
    .replace(/\.?@\.?/, '@')
  return [inside, tidy].find(isEmail)
}

function isEmail(address: string): boolean {
  const at = address.lastIndexOf('@')
  if (at < 1 || at > 64 || address.length > 254) return false
  const host = address.slice(at + 1)
  return LOCAL.test(address.slice(0, at)) && host.includes('.') && isHostName(host)
}
