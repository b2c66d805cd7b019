import { hash } from 'node:crypto'
import type { DeviceRecord } from '../db/devices.ts'
import { AppError } from '../model/app-error.ts'
import type { Mac } from '../model/mac.ts'
import type { PhoneAnswer } from '../model/phone-request.ts'
import { Secret } from '../model/secret.ts'
import type { StoredPart } from '../model/stored-media.ts'
import type { Family, FamilyFile } from '../phones/family.ts'
import { render, renderBootstrap } from '../phones/render.ts'
import { encryptFile } from '../secrets/file-cipher.ts'
import type { Verdict } from './judge-request.ts'
import { type DescribedDevice, deviceAddress, type Site } from './device-settings.ts'
import { toStoredAnswer } from './stored-answer.ts'

/** A device with all of its files as they leave. */
export type ReadyDevice = {
  id: number
  tenantId: number
  mac: Mac | null
  family: string
  token: string
  /** What the names of files are appended to in a phonebook that has pages; null: it gets no phonebook. */
  bookAddress: string | null
  /** By the database's clock; null: it never came with its token. */
  sealedAtMs: number | null
  files: readonly ReadyFile[]
  /** Firmware and other files of the store, by the name that it asks for in lower case. */
  stored: ReadonlyMap<string, PhoneAnswer>
}

/** A file that cannot be rendered stands in the way of no other: its answer is why. */
export type ReadyFile = {
  file: FamilyFile
  answer: PhoneAnswer | AppError
  /** The same for a phone that may not know yet how to open it; null: nothing is encrypted. */
  plain: PhoneAnswer | null
  /** The path by which this phone asked for it last; see `DeviceCache.findAsked`. */
  askedBy: string | null
  /** What comes of asking for it, once it was asked for. */
  verdict: Verdict | null
}

/** Renders every file of a device at once, so that a phone that got one of them gets them all without the database. */
export function readyDevice(record: DeviceRecord, described: DescribedDevice, site: Site): ReadyDevice {
  const { family, model, resolved, token } = described
  const encrypt = makeEncrypt(described)
  const { id, tenantId, mac, sealedAt } = record
  const files = family.files
    .filter(({ kind }) => kind === 'device' || kind === 'bootstrap')
    .map((file): ReadyFile => {
      const make = () =>
        file.kind === 'device'
          ? render(family, file, { settings: resolved.settings, mac, model })
          : renderBootstrap(family, file, new Secret(deviceAddress(site, token)))
      const plain = attempt(() => toAnswer(family, file, make()))
      if (!encrypt || file.kind !== 'device' || plain instanceof AppError) return toReady(file, plain, null)
      return toReady(file, toAnswer(family, file, encrypt(plain.bytes)), plain)
    })
  return {
    ...{ id, tenantId, mac, family: family.name, token: token.reveal() },
    bookAddress: resolved.settings.companyPhonebook ? resolved.settings.provisioningUrl.reveal() : null,
    ...{ sealedAtMs: sealedAt?.getTime() ?? null, files },
    stored: describeParts(described.parts, family.name, site.openStored),
  }
}

export function toReady(file: FamilyFile, answer: PhoneAnswer | AppError, plain: PhoneAnswer | null): ReadyFile {
  return { file, answer, plain, askedBy: null, verdict: null }
}

/** As somebody reads it who does not know the phone's key. @throws AppError why the file cannot be rendered */
export function answerOf({ answer, plain }: ReadyFile): PhoneAnswer {
  if (plain) return plain
  if (answer instanceof AppError) throw answer
  return answer
}

/** The bootstrap files of all families as everybody gets them. */
export function renderBootstraps(families: readonly Family[], site: Site): Map<FamilyFile, PhoneAnswer> {
  const url = new Secret(`${site.phonesUrl}/`)
  const files = families.flatMap((family) => family.files.map((file) => ({ family, file })))
  return new Map(
    files
      .filter(({ file }) => file.kind === 'bootstrap')
      .map(({ family, file }) => [file, toAnswer(family, file, renderBootstrap(family, file, url))] as const),
  )
}

/** The bytes as they leave, with their entity tag. */
export function toAnswer({ name: family }: Family, file: FamilyFile, bytes: Buffer): PhoneAnswer {
  return { family, bytes, contentType: file.contentType, etag: `"${hash('sha256', bytes, 'base64url')}"` }
}

/** Null: its files leave as they are. */
function makeEncrypt({ family, resolved }: DescribedDevice): ((file: Buffer) => Buffer) | null {
  const { encryption } = family
  const { fileKey, encryptFiles } = resolved.settings
  return encryption && fileKey && encryptFiles ? (file) => encryptFile(encryption, fileKey, file) : null
}

function describeParts(
  parts: ReadonlyMap<string, StoredPart>,
  family: string,
  open: Site['openStored'],
): Map<string, PhoneAnswer> {
  return new Map([...parts].map(([name, part]) => [name, { ...toStoredAnswer(part, open), family }]))
}

function attempt<T>(make: () => T): T | AppError {
  try {
    return make()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
