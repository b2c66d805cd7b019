import { AppError } from '../model/app-error.ts'
import type { AnswerPhone, PhoneAnswer, PhoneRequest } from '../model/phone-request.ts'
import type { Family, FamilyFile } from '../phones/family.ts'
import { choose, type Identification, identify } from '../phones/identify.ts'
import type { DeviceStore } from './device-store.ts'
import { answerOf, type ReadyDevice, type ReadyFile } from './ready-device.ts'
import type { Releases } from './releases.ts'

type Answer = ReturnType<AnswerPhone>

/** A phone has a handful of files; more spellings than that are somebody trying names. */
const SPELLINGS = 16

export type Desk = {
  families: readonly Family[]
  /** What everybody gets. */
  bootstraps: ReadonlyMap<FamilyFile, PhoneAnswer>
  store: DeviceStore
  releases: Releases
  /** The phone has its token. */
  seal: (device: ReadyDevice) => void
}

/**
 * Decides what a phone gets. Every refusal is null, whatever the reason.
 * @throws AppError when it cannot be known: `database-unreachable`, or why the file cannot be rendered
 */
export function answerPhone(desk: Desk, request: PhoneRequest): Answer {
  return request.token === null
    ? answerStranger(desk, request)
    : whenFound(desk.store.find({ token: request.token }), (device) =>
        device ? answerOwner(desk, request, device) : answerWithBootstrap(desk, identifyFile(desk, request)),
      )
}

/** Without waiting where nothing is to be waited for: this runs for every request of every phone. */
function whenFound<D>(found: D | Promise<D | null>, then: (device: D | null) => Answer): Answer {
  return found instanceof Promise ? found.then(then) : then(found)
}

function identifyFile(desk: Desk, request: PhoneRequest): Identification {
  return identify(desk.families, request)
}

/** It came with the token of this device: it gets this device's files and nobody else's. */
function answerOwner(desk: Desk, request: PhoneRequest, device: ReadyDevice): Answer {
  const known = device.spellings.get(request.file)
  if (known) return serveToOwner(desk, request, device, known)
  const identified = identifyFile(desk, request)
  if (identified.mac !== null && identified.mac !== device.mac) return null
  const file = choose(identified, device.family)?.file
  if (!file) return answerWithBootstrap(desk, identified)
  const ready = findFile(device, file)
  if (!ready) return null
  if (device.spellings.size < SPELLINGS) device.spellings.set(request.file, ready)
  return serveToOwner(desk, request, device, ready)
}

function serveToOwner(desk: Desk, request: PhoneRequest, device: ReadyDevice, ready: ReadyFile): Answer {
  if (request.transport === 'tftp' && ready.file.kind === 'device' && !desk.releases.servesOverTftp(device)) return null
  const answer = answerOf(ready)
  if (device.sealedAtMs === null || desk.releases.servesWithoutToken(device)) desk.seal(device)
  return answer
}

/** It came with nothing but a file name. */
function answerStranger(desk: Desk, request: PhoneRequest): Answer {
  const { releases, store } = desk
  const identified = identifyFile(desk, request)
  const { mac, candidates } = identified
  if (mac === null || !candidates.some(({ file }) => file.kind === 'device'))
    return answerWithBootstrap(desk, identified)
  const released = releases.findByMac(mac)
  if (!released) {
    if (store.hears) return null
    throw new AppError('database-unreachable', 'Whether this phone is released cannot be known now')
  }
  const file = choose(identified, released.family)?.file
  if (file?.kind !== 'device') return null
  if (request.transport === 'tftp' && !releases.servesOverTftp(released)) return null
  return whenFound(store.find({ id: released.id }), (device) => {
    const ready = device?.mac === mac ? findFile(device, file) : undefined
    return ready ? answerOf(ready) : null
  })
}

/** Where nothing tells whose file it is, the bytes may still be the same for all of them: a maker's phones share names. */
function answerWithBootstrap(desk: Desk, identified: Identification): PhoneAnswer | null {
  const chosen = choose(identified)
  if (chosen) return desk.bootstraps.get(chosen.file) ?? null
  const [first, ...others] = identified.candidates.map(({ file }) => desk.bootstraps.get(file))
  return first && others.every((other) => other?.bytes.equals(first.bytes)) ? first : null
}

function findFile(device: ReadyDevice, wanted: FamilyFile): ReadyFile | undefined {
  return device.files.find(({ file }) => file === wanted)
}
