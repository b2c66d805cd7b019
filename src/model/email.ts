import { Fault } from './fault.ts'
import { isHostName } from './host.ts'
import { quote } from './quote.ts'

/** RFC 5322 dot-atom, which is what mail systems hand out; quoted local parts are refused on purpose. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const INSIDE = /^(?:mailto:|[^<>]*<)?([^<>\s]+@[^<>\s]+?)>?$/i

/** Reads an e-mail address, lower case, at most 254 characters (RFC 5321). Faults: `email-invalid`. */
export function parseEmail(text: string): string | Fault {
  const address = text.trim().toLowerCase()
  if (isEmail(address)) return address
  const inside = INSIDE.exec(address)?.[1]
  const suggestion = inside !== undefined && isEmail(inside) ? inside : 'An address such as anna.berg@example.org'
  return new Fault('email-invalid', `${quote(text)} is not an e-mail address`, suggestion)
}

function isEmail(address: string): boolean {
  const at = address.lastIndexOf('@')
  if (at < 1 || at > 64 || address.length > 254) return false
  const host = address.slice(at + 1)
  return LOCAL.test(address.slice(0, at)) && host.includes('.') && isHostName(host)
}
