import { AppError } from '../model/app-error.ts'
import type { ContactOutcome } from '../model/contact-outcome.ts'
import type { Mac } from '../model/mac.ts'
import type { DeviceCertificate, PhoneLogin, ProofWay } from '../model/phone-proof.ts'
import type { PhoneAnswer, PhoneRequest } from '../model/phone-request.ts'
import type { ProofCounts } from '../model/proof-count.ts'
import type { Family, FamilyFile } from '../phones/family.ts'
import { choose, type Identification, identify } from '../phones/identify.ts'
import type { BookStore } from './books/book-store.ts'
import { judgeBook } from './books/judge-book.ts'
import type { CertifiedDevices } from './certified-devices.ts'
import type { DeviceStore } from './device-store.ts'
import type { Claims } from './claims.ts'
import type { OpenFiles } from './open-files.ts'
import type { Failures } from './failures.ts'
import { recognise } from './judge-certified.ts'
import { judgeLink, type UseLink } from './links.ts'
import { inPlain, mayLackKey } from './plain-files.ts'
import type { ReadyDevice, ReadyFile } from './ready-device.ts'
import type { Releases } from './releases.ts'
import { spellStored } from './stored-answer.ts'
import type { Contact } from './story.ts'

/** What comes of a request, and why. */
export type Verdict = {
  outcome: ContactOutcome
  /** An error is thrown instead of an answer. */
  answer: PhoneAnswer | AppError | null
  /** The device that it is about, where that was known without asking the database. */
  deviceId: number | null
  /** The MAC address in the name of the file, where it was read. */
  mac: Mac | null
  /** The file as its family names it, where a device got its own. */
  file: string | null
  /** By what the phone proved itself, where that does not follow from the request. */
  way?: ProofWay
  /** The file left in the way of its maker, to be opened with the phone’s key alone. */
  encrypted?: boolean
  /** What else there is to say about the outcome. */
  detail?: string | null
  /** Where a phone gets a file, it comes again with the same verdict: what the story has not written of it yet. */
  waiting?: Contact | null
}

export type Rules = {
  families: readonly Family[]
  /** What everybody gets. */
  bootstraps: ReadonlyMap<FamilyFile, PhoneAnswer>
  store: DeviceStore
  /** Files of the store that anybody gets by their bare name. */
  openFiles: OpenFiles
  books: BookStore
  releases: Releases
  certified: CertifiedDevices
  proofCounts: ProofCounts
  failures: Failures
  useLink: UseLink
  /** Null: phones cannot be claimed by dialling. */
  claims: Claims | null
  /** The phone has its token. */
  seal: (device: ReadyDevice) => void
}

/**
 * Decides what a phone gets, and says why. Waits only where something is to be waited for: this runs for every request.
 * @throws AppError `database-unreachable` when it cannot be known
 */
export function judgeRequest(rules: Rules, request: PhoneRequest): Verdict | Promise<Verdict> {
  if (request.login) return judgeTokenless(rules, request)
  const asked = request.path === undefined ? null : rules.store.findAsked(request.path)
  if (asked) return serveToOwner(rules, request, asked.device, asked.ready)
  const { token } = request
  if (token === null) return judgeTokenless(rules, request)
  return whenFound(rules.store.find({ token }), (device) => {
    if (device) return judgeOwner(rules, request, device)
    const identified = identifyFile(rules, request)
    const unknown = () => judgeUnknownToken(rules, request)
    const refused = () => judgeLink(rules, request, identified, unknown) ?? unknown()
    return request.certificate ? judgeCertified(rules, request, request.certificate, refused) : refused()
  })
}

/**
 * Its token was changed, or never was one. A release lets it in all the same: it is for the MAC address, and a phone that
 * holds an old address cannot leave it out.
 */
function judgeUnknownToken(rules: Rules, request: PhoneRequest): Verdict | Promise<Verdict> {
  const name = (verdict: Verdict): Verdict =>
    verdict.answer === null ? { ...verdict, outcome: 'token-unknown' } : { ...verdict, way: 'window' }
  const verdict = judgeStranger(rules, request)
  return verdict instanceof Promise ? verdict.then(name) : name(verdict)
}

function judgeTokenless(rules: Rules, request: PhoneRequest): Verdict | Promise<Verdict> {
  const { login, certificate } = request
  const judgeElse = () => (login ? judgeLogin(rules, request, login) : judgeStranger(rules, request))
  const needsMore = (login?.deviceId ?? null) === null
  return certificate && needsMore ? judgeCertified(rules, request, certificate, judgeElse) : judgeElse()
}

/** It answered for its password, right or not. */
function judgeLogin(rules: Rules, request: PhoneRequest, login: PhoneLogin): Verdict | Promise<Verdict> {
  rules.proofCounts.add('password', NAMES_OF_LOGINS[login.deviceId === null ? login.outcome : 'believed'])
  if (login.deviceId === null) return refuse(login.outcome, null, null)
  const { deviceId, way } = login
  return whenFound(rules.store.find({ id: deviceId }), async (device) =>
    device ? { ...(await judgeOwner(rules, request, device)), way } : refuse('login-refused', deviceId, null),
  )
}

const NAMES_OF_LOGINS = { 'login-asked': 'asked', 'login-refused': 'refused', believed: 'believed' } as const

/** It showed a certificate: what counts else is asked where that is not believed, and whether a release lets it in. */
async function judgeCertified(
  rules: Rules,
  request: PhoneRequest,
  certificate: DeviceCertificate,
  judgeElse: () => Verdict | Promise<Verdict>,
): Promise<Verdict> {
  const found = await recognise(rules, certificate)
  if (!('outcome' in found)) return { ...(await judgeOwner(rules, request, found)), way: 'certificate' }
  const verdict = await judgeElse()
  const { outcome, detail } = found
  return outcome === null || !EXPLAINED_BY_CERTIFICATE.has(verdict.outcome) ? verdict : { ...verdict, outcome, detail }
}

/** What a certificate would have changed. */
const EXPLAINED_BY_CERTIFICATE = new Set<ContactOutcome>(['not-released', 'sealed', 'limited', 'token-unknown'])

function whenFound<D>(
  found: D | Promise<D | null>,
  then: (device: D | null) => Verdict | Promise<Verdict>,
): Verdict | Promise<Verdict> {
  return found instanceof Promise ? found.then(then) : then(found)
}

function identifyFile(rules: Rules, request: PhoneRequest): Identification {
  return identify(rules.families, request)
}

export function refuse(outcome: ContactOutcome, deviceId: number | null, mac: Mac | null): Verdict {
  return { outcome, answer: null, deviceId, mac, file: null }
}

/** It came with the token of this device: it gets this device's files and nobody else's. */
function judgeOwner(rules: Rules, request: PhoneRequest, device: ReadyDevice): Verdict | Promise<Verdict> {
  const stored = device.stored.size > 0 ? device.stored.get(spellStored(request.file)) : undefined
  if (stored) return { outcome: 'stored', answer: stored, deviceId: device.id, mac: device.mac, file: null }
  const identified = identifyFile(rules, request)
  const { mac, candidates } = identified
  if (mac !== null && mac !== device.mac) return refuse('other-phone', device.id, mac)
  const chosen = choose(identified, device.family)
  if (!chosen)
    return judgeBootstrap(rules, identified, candidates.length > 0 ? 'other-family' : 'unknown-file', device.id)
  const { file } = chosen
  if (file.kind === 'book') return judgeBook(rules, request, device, chosen)
  const ready = findFile(device, file)
  if (!ready) return refuse('absent', device.id, mac)
  if (request.path !== undefined && request.token === device.token) rules.store.noteAsked(device, ready, request.path)
  return serveToOwner(rules, request, device, ready)
}

function serveToOwner(rules: Rules, request: PhoneRequest, device: ReadyDevice, ready: ReadyFile): Verdict {
  const { releases, seal } = rules
  if (request.transport === 'tftp' && ready.file.kind === 'device' && !releases.servesOverTftp(device))
    return refuse(releases.letsTftp(device) ? 'not-released' : 'tftp-consent', device.id, device.mac)
  if (ready.answer instanceof AppError) return give(device, ready)
  if (device.sealedAtMs === null || releases.servesWithoutToken(device)) seal(device)
  return give(device, ready.plain && mayLackKey(device, releases.nowMs()) ? inPlain(ready) : ready)
}

/** It came with nothing but a file name. */
function judgeStranger(rules: Rules, request: PhoneRequest): Verdict | Promise<Verdict> {
  const { releases, store } = rules
  const identified = identifyFile(rules, request)
  const { mac, candidates } = identified
  if (mac === null || !candidates.some(({ file }) => file.kind === 'device')) {
    const answer = rules.openFiles.find(request.file)
    if (answer) return { outcome: 'stored', answer, deviceId: null, mac, file: null }
    return judgeBootstrap(rules, identified, candidates.length > 0 ? 'absent' : 'unknown-file', null)
  }
  const released = releases.findByMac(mac)
  if (!released) {
    if (!store.hears) throw new AppError('database-unreachable', 'Whether this phone is released cannot be known now')
    const claimed = rules.claims?.judge(request, identified, (tenantId) => releases.letsTftp({ tenantId }))
    if (claimed) return claimed
    rules.failures.note(request, mac)
    return refuse('not-released', null, mac)
  }
  if (rules.failures.isSpent(request) && !releases.servesAlone(released)) return refuse('limited', released.id, mac)
  const file = choose(identified, released.family)?.file
  if (file?.kind !== 'device') return refuse(file ? 'absent' : 'other-family', released.id, mac)
  if (request.transport === 'tftp' && !releases.servesOverTftp(released))
    return refuse('tftp-consent', released.id, mac)
  return whenFound(store.find({ id: released.id }), (device) => {
    const ready = device?.mac === mac ? findFile(device, file) : undefined
    return device && ready ? give(device, inPlain(ready)) : refuse('absent', released.id, mac)
  })
}

/** Where nothing tells whose file it is, the bytes may still be the same for all of them: a maker's phones share names. */
function judgeBootstrap(
  { bootstraps }: Rules,
  identified: Identification,
  otherwise: ContactOutcome,
  deviceId: number | null,
): Verdict {
  const { mac } = identified
  const answer = findBootstrap(bootstraps, identified)
  return answer ? { outcome: 'common', answer, deviceId, mac, file: null } : refuse(otherwise, deviceId, mac)
}

function findBootstrap(bootstraps: Rules['bootstraps'], identified: Identification): PhoneAnswer | null {
  const chosen = choose(identified)
  if (chosen) return bootstraps.get(chosen.file) ?? null
  const [first, ...others] = identified.candidates.map(({ file }) => bootstraps.get(file))
  return first && others.every((other) => other?.bytes.equals(first.bytes)) ? first : null
}

/** The same for the same file: a phone's story knows it again. */
function give({ id, mac }: ReadyDevice, ready: ReadyFile): Verdict {
  if (ready.verdict) return ready.verdict
  const { file, answer, plain } = ready
  const encrypted = plain !== null && plain !== answer
  const outcome = answer instanceof AppError ? 'failed' : 'served'
  ready.verdict = { outcome, answer, deviceId: id, mac, file: file.name, encrypted, waiting: null }
  return ready.verdict
}

function findFile(device: ReadyDevice, wanted: FamilyFile): ReadyFile | undefined {
  return device.files.find(({ file }) => file === wanted)
}
