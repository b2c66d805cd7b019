import type { X509Certificate } from 'node:crypto'
import type { DeviceCertificate } from '../model/phone-proof.ts'
import { readSubjectMac, type SubjectFields } from '../phones/certificate-mac.ts'
import type { Family } from '../phones/family.ts'
import { findFamilyByMac } from '../phones/identify.ts'
import type { Authorities } from './authorities.ts'

/** RFC 5280 §4.2.1.12. */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const ANY_USAGE = '2.5.29.37.0'
const SMALLEST_RSA_BITS = 2048
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1']
const KEPT_CHARACTERS = 200

/**
 * Judges a certificate whose key the phone has proved to hold. Its signature is checked against the authorities of each
 * family, not of any maker: else one maker could name another's phones. The chain that came with it is not looked at;
 * after a resumed session there is none.
 * @param nowMs by the wall clock
 */
export function judgeCertificate(
  { families, authorities }: { families: readonly Family[]; authorities: Authorities },
  certificate: X509Certificate,
  nowMs: number,
): DeviceCertificate {
  const issued = families.flatMap((family) => {
    const issuer = authorities.byFamily.get(family.name)?.find((authority) => hasSigned(authority, certificate))
    return issuer ? [{ family, issuer }] : []
  })
  const subject = certificate.toLegacyObject().subject as unknown as SubjectFields
  const named = issued.flatMap(({ family }) => {
    const mac = readSubjectMac(family.certificate!, subject)
    return mac === null ? [] : [{ family: family.name, mac }]
  })
  const claims = named.filter(({ mac }) => {
    const owner = findFamilyByMac(families, mac)
    return !owner || issued.some(({ family }) => family === owner)
  })
  const isOutOfDate = [certificate, ...issued.map(({ issuer }) => issuer)].some(
    ({ validFromDate, validToDate }) => nowMs < validFromDate.getTime() || nowMs > validToDate.getTime(),
  )
  return {
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    subject: toOneLine(certificate.subject),
    issuer: toOneLine(certificate.issuer),
    expiresAt: certificate.validToDate,
    ...{ claims, isOutOfDate },
    fault: findFault(certificate, { isIssued: issued.length > 0, isNamed: named.length > 0, isOwn: claims.length > 0 }),
  }
}

function hasSigned(authority: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey)
}

function findFault(
  certificate: X509Certificate,
  { isIssued, isNamed, isOwn }: { isIssued: boolean; isNamed: boolean; isOwn: boolean },
): string | null {
  if (!isIssued) return `no authority in OFFHOOK_DEVICE_CA_DIR has signed it; ${toOneLine(certificate.issuer)} has`
  if (certificate.ca) return 'it is the certificate of an authority'
  const usages = certificate.keyUsage as string[] | undefined
  if (usages && !usages.some((usage) => usage === CLIENT_AUTH || usage === ANY_USAGE)) return 'it is none for clients'
  const { signatureAlgorithm } = certificate
  if (signatureAlgorithm === undefined) return 'this Node does not tell how it is signed: 24.9 does'
  // Two texts of one digest can be made for both (RFC 9155): the signature may be meant for another certificate.
  if (/md[245]|sha1(?!\d)/i.test(signatureAlgorithm)) return 'it is signed with SHA-1 or older'
  if (!isStrong(certificate)) return 'its key is too short'
  if (!isNamed) return 'its subject names no single phone in its maker’s form'
  return isOwn ? null : 'it names a phone of another maker'
}

function isStrong({ publicKey }: X509Certificate): boolean {
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = publicKey
  if (kind === 'rsa' || kind === 'rsa-pss') return (details?.modulusLength ?? 0) >= SMALLEST_RSA_BITS
  return kind === 'ed25519' || (kind === 'ec' && CURVES.includes(details?.namedCurve ?? ''))
}

function toOneLine(name: string): string {
  return name
    .replaceAll('\n', ', ')
    .replaceAll(/[^ -~]/g, '?')
    .slice(0, KEPT_CHARACTERS)
}
