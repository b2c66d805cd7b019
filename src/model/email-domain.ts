import { editDistance } from './nearest.ts'

/** Where most private mailboxes are, in the countries of our header dictionary. */
const WELL_KNOWN = new Set(
  (
    'aol.com email.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hotmail.com ' +
    'hotmail.de hotmail.es hotmail.fr icloud.com laposte.net live.com mail.com me.com orange.fr outlook.com outlook.de ' +
    'outlook.es outlook.fr posteo.de proton.me protonmail.com t-online.de wanadoo.fr web.de yahoo.com yahoo.de ' +
    'yahoo.es yahoo.fr ymail.com'
  ).split(' '),
)
/** A shorter domain is soon another one. */
const MIN_CHARACTERS = 6

/** The well-known mail domain that `domain` is one typing error away from; null for itself, several and none. */
export function respellDomain(domain: string): string | null {
  if (WELL_KNOWN.has(domain) || domain.length < MIN_CHARACTERS) return null
  const near = [...WELL_KNOWN].filter((known) => editDistance(domain, known, 1) === 1)
  return near.length === 1 ? near[0]! : null
}
