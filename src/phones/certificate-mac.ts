import { type Mac, parseMac } from '../model/mac.ts'
import type { CertificateRule } from './family.ts'

/** Fields of a certificate's subject by short name; one that stands there twice is a list. */
export type SubjectFields = Readonly<Record<string, string | readonly string[] | undefined>>

/** The MAC address in the field that a maker uses; null where it is a generic one, or not in that maker's form. */
export function readCertificateMac({ pattern }: Pick<CertificateRule, 'pattern'>, text: string): Mac | null {
  return parseMac(pattern.exec(text)?.groups?.mac ?? '')
}

/**
 * The MAC address in a subject. The field must be there once: a search in the subject as one text takes `OU=CN=<mac>`
 * and a second CN for the first.
 */
export function readSubjectMac(rule: CertificateRule, subject: SubjectFields): Mac | null {
  const text = subject[rule.field]
  return typeof text === 'string' ? readCertificateMac(rule, text) : null
}
