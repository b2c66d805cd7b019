import type { ContactOutcome } from '../model/contact-outcome.ts'
import type { Mac } from '../model/mac.ts'
import type { DeviceCertificate } from '../model/phone-proof.ts'
import type { ProofCounts } from '../model/proof-count.ts'
import type { CertifiedDevices } from './certified-devices.ts'
import type { DeviceStore } from './device-store.ts'
import type { ReadyDevice } from './ready-device.ts'
import type { Releases } from './releases.ts'

export type CertifiedRules = {
  store: DeviceStore
  certified: CertifiedDevices
  releases: Releases
  proofCounts: ProofCounts
}

/** The phone that a certificate is about, or why it is not believed; `outcome` null: it is in no list. */
export type Recognised = ReadyDevice | { outcome: ContactOutcome | null; detail: string | null }

/**
 * Finds the phone that its maker says this is: the MAC address in the certificate, in the list with a family of that
 * maker, and known by no other certificate. A release that was opened for it lets it come with another one.
 * @throws AppError `database-unreachable` when it cannot be known
 */
export async function recognise(rules: CertifiedRules, certificate: DeviceCertificate): Promise<Recognised> {
  const found = await find(rules, certificate)
  const refused = 'outcome' in found ? (found.outcome === null ? 'unknown' : 'refused') : null
  rules.proofCounts.add('certificate', refused ?? 'believed')
  return found
}

function find(rules: CertifiedRules, certificate: DeviceCertificate): Recognised | Promise<Recognised> {
  const { fault, claims, sha256 } = certificate
  const mac = claims[0]?.mac
  if (fault !== null || mac === undefined) return { outcome: 'certificate-refused', detail: fault }
  const known = rules.certified.recall(mac, sha256)
  const device = known && rules.store.find({ id: known.id })
  if (!device || device instanceof Promise) return lookUp(rules, certificate, mac, device)
  return isClaimed(certificate, mac, device) ? device : lookUp(rules, certificate, mac)
}

async function lookUp(
  rules: CertifiedRules,
  certificate: DeviceCertificate,
  mac: Mac,
  remembered?: Promise<ReadyDevice | null>,
): Promise<Recognised> {
  const { store, certified, releases } = rules
  const recalled = await remembered
  if (recalled && isClaimed(certificate, mac, recalled)) return recalled
  const found = await certified.find(mac)
  const device = found && (await store.find({ id: found.id }))
  if (!found || device?.mac !== mac) return { outcome: null, detail: null }
  const refuse = (detail: string): Recognised => ({ outcome: 'certificate-refused', detail })
  if (!isClaimed(certificate, mac, device))
    return refuse(`its maker makes ${certificate.claims.map(({ family }) => family).join(', ')}, not ${device.family}`)
  const isSame = found.sha256 === certificate.sha256
  if (certificate.isOutOfDate && !isSame) return refuse('it is out of date, and it was not known before')
  if (found.sha256 !== null && !isSame && !releases.servesWithoutToken(device))
    return { outcome: 'certificate-other', detail: `this one is ${certificate.subject}` }
  const { sha256, subject, issuer, expiresAt } = certificate
  certified.know(mac, { deviceId: found.id, sha256, subject, issuer, expiresAt }, isSame)
  return device
}

function isClaimed({ claims }: DeviceCertificate, mac: Mac, device: ReadyDevice): boolean {
  return device.mac === mac && claims.some((claim) => claim.mac === mac && claim.family === device.family)
}
