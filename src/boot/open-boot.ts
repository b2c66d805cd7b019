import type pg from 'pg'
import {
  type DeviceKey,
  type DeviceKeys,
  type DeviceRecord,
  markSealed,
  readDevice,
  readDevices,
} from '../db/devices.ts'
import { listOpenFiles } from '../db/firmware.ts'
import { readClaimWindows } from '../db/claim-codes.ts'
import { useDeviceLink } from '../db/device-links.ts'
import { readReleases } from '../db/releases.ts'
import { AppError } from '../model/app-error.ts'
import { type Log, warnCalmly } from '../model/log.ts'
import type { Mac } from '../model/mac.ts'
import type { AnswerPhone, OpenFile, PhoneAnswer } from '../model/phone-request.ts'
import type { ProofCounts } from '../model/proof-count.ts'
import { Secret } from '../model/secret.ts'
import { fillIn, splitBootAddress } from '../phones/boot-address.ts'
import type { Family } from '../phones/family.ts'
import { choose, findFamilyByMac, identify, readPage, readUserAgent } from '../phones/identify.ts'
import { hashDeviceToken } from '../secrets/device-token.ts'
import type { Vault } from '../secrets/vault.ts'
import { answerPhone, type Desk } from './answer-phone.ts'
import { openBooks } from './books/open-books.ts'
import { describeDevice, deviceAddress, type Site } from './device-settings.ts'
import { DeviceStore } from './device-store.ts'
import { Claims, type OpenClaim } from './claims.ts'
import { refuse } from './judge-request.ts'
import { type ExplainedSetting, listSettings } from './list-settings.ts'
import { LateWrites } from './late-writes.ts'
import { Lookups } from './lookups.ts'
import type { Failures } from './failures.ts'
import { fromStore } from './from-store.ts'
import { OpenFiles } from './open-files.ts'
import { hearChanges } from './hear-changes.ts'
import type { Logins } from './logins.ts'
import { openProofs } from './open-proofs.ts'
import { answerOf, type ReadyDevice, readyDevice, renderBootstraps } from './ready-device.ts'
import { type Clock, Releases } from './releases.ts'
import { readSite } from './read-site.ts'
import { Story } from './story.ts'
import { createStoryWriter } from './write-story.ts'

export type BootOptions = {
  /** Connections of the role offhook_phones. */
  pool: pg.Pool
  /** Of a login that may listen. */
  url: string
  vault: Vault
  families: readonly Family[]
  phonesUrl: string
  /** A host, with `:port` where it is not the standard one. */
  sipHost: string
  log: Pick<Log, 'info' | 'warn'>
  /** Monotonic milliseconds. */
  clock?: Clock
  /** Lets phones be claimed by dialling; without it they are not. */
  openClaim?: OpenClaim
  /** Opens a file of the store by its digest; without, phones get none. */
  openStored?: (sha256: string) => Promise<OpenFile>
  /** How much memory rendered files may take; above, the longest unused ones are rendered again when asked for. */
  cacheBytes?: number
  /** The same for phonebooks. */
  bookBytes?: number
}

/** Who asks by multicast; `words` is what it says of itself. */
export type MulticastPhone = { mac: Mac; source: string; words: string }

/** The second river: what phones ask for, and what people want to know about it. */
export type Boot = {
  answer: AnswerPhone
  /** The bytes that this device would get for that file name; null when its family has none of that name. */
  render(device: number | Mac, file: string): Promise<PhoneAnswer | null>
  /** Every setting with the layer that it comes from; secrets are of the type Secret. */
  explain(device: number | Mac): Promise<ExplainedSetting[]>
  /**
   * What a phone that shows nothing but its MAC address may be told: where its files are, in its maker's form and
   * without its token. Null unless it is released, or can be claimed by dialling where it is.
   */
  addressByMulticast(phone: MulticastPhone): string | null
  /** A phone asked by multicast and was told where its files are, or nothing. */
  noteMulticast(phone: MulticastPhone, outcome: 'told' | 'not-released'): void
  /** Entity tags of what this device would get now, by the names that its family gives files; null: no such device. */
  tagsOf(device: number): Promise<Map<string, string> | null>
  /** Where phones are asked for their passwords, and the passwords. */
  readonly logins: Logins
  /** Which sources try out MAC addresses. */
  readonly failures: Failures
  readonly proofCounts: ProofCounts
  /** How many contacts were answered and not noted since the start. */
  readonly droppedContacts: number
  /** Where a device fetches its files; whoever knows it gets them. */
  addressOf(device: { token?: unknown }): string
  close(): Promise<void>
}

const CACHE_BYTES = 512 * 1024 * 1024
const QUERY_TIMEOUT_MS = 5_000

/**
 * Reads what decides about releases, begins to hear of changes, and answers phones from then on.
 * @throws AppError `database-unreachable`, or what is wrong with a bootstrap file
 */
export async function openBoot(options: BootOptions): Promise<Boot> {
  const { pool, vault, families, log, clock = () => performance.now() } = options
  const warn = warnCalmly(log, clock)
  const { openStored } = options
  const site: Site = {
    ...readSite(options),
    ...(openStored && { openStored }),
  }
  const openFiles = new OpenFiles(openStored)
  const publicAddress = splitBootAddress(site.phonesUrl, null)
  const releases = new Releases(clock)
  /** Device id to the time of its sealing. */
  const sealings = new LateWrites<number>(
    (batch) =>
      markSealed(
        pool,
        batch.map(([id]) => id),
      ),
    (error) => warn({ err: error }, 'phones that came with their token are not noted yet'),
  )
  const byToken = new Lookups((tokens: readonly string[]) => readAll({ tokensSha256: tokens.map(hashDeviceToken) }))
  const byId = new Lookups((ids: readonly number[]) => readAll({ ids }))
  const store = new DeviceStore({
    load: async (sought) => {
      const record = await ('token' in sought ? byToken.find(sought.token) : byId.find(sought.id))
      return record && ready(record)
    },
    limitBytes: options.cacheBytes ?? CACHE_BYTES,
    onStale: (error) => warn({ err: error }, 'a phone got its last known configuration'),
  })
  const books = openBooks({ pool, limitBytes: options.bookBytes, hears: () => store.hears, log })
  const { openClaim } = options
  const claims = openClaim ? new Claims({ open: openClaim, site, families, nowMs: () => releases.nowMs() }) : null
  const proofs = openProofs({ pool, vault, log })
  const story = new Story({
    families,
    write: createStoryWriter(pool),
    onFailure: (error) => log.warn({ err: error }, 'what phones asked for is not noted yet'),
  })
  const desk: Desk = {
    ...{ families, bootstraps: renderBootstraps(families, site), openFiles, store, books, releases, seal },
    claims,
    useLink: (token, address) => fromStore(useDeviceLink(pool, hashDeviceToken(token), address, QUERY_TIMEOUT_MS)),
    ...{ certified: proofs.certified, failures: proofs.failures, proofCounts: proofs.proofCounts },
    note: story.note,
  }
  const readReleasesAnew = async () => {
    const readAtMs = clock()
    releases.replace(await fromStore(readReleases(pool)), readAtMs, sealings.waiting)
    claims?.replace(await fromStore(readClaimWindows(pool)))
    openFiles.replace(await fromStore(listOpenFiles(pool)))
  }

  function readAll(keys: DeviceKeys): Promise<(DeviceRecord | null)[]> {
    return fromStore(readDevices(pool, keys, QUERY_TIMEOUT_MS))
  }
  function read(key: DeviceKey): Promise<DeviceRecord | null> {
    return fromStore(readDevice(pool, key, QUERY_TIMEOUT_MS))
  }
  function ready(record: DeviceRecord): ReadyDevice {
    return readyDevice(record, describeDevice(record, site, families, vault), site)
  }
  function seal(device: ReadyDevice): void {
    device.sealedAtMs = releases.nowMs()
    releases.seal(device, device.sealedAtMs)
    sealings.add(device.id, device.sealedAtMs)
  }
  async function readKnown(key: number | Mac): Promise<DeviceRecord> {
    const record = await read(typeof key === 'number' ? { id: key } : { mac: key })
    if (!record) throw new AppError('device-unknown', `There is no phone ${key}.`)
    return record
  }

  await readReleasesAnew()
  const hearing = await hearChanges(options.url, { store, books, proofs, sealings, log, readReleasesAnew })
  return {
    answer: (request) => answerPhone(desk, request),
    async render(key, file) {
      const device = ready(await readKnown(key))
      const chosen = choose(identify(families, { file, userAgent: '' }), device.family)
      if (chosen?.file.kind === 'book' && device.bookAddress !== null)
        return books.find(device.tenantId, chosen, {
          ...{ page: readPage(chosen.file, file), query: '', address: device.bookAddress },
        })
      const found = device.files.find(({ file: known }) => known === chosen?.file)
      return found ? answerOf(found) : null
    },
    async tagsOf(id) {
      const record = await read({ id })
      if (!record) return null
      const tags = ready(record).files.map(
        ({ file, answer }) => [file.name, 'etag' in answer ? answer.etag : ''] as const,
      )
      return new Map(tags.filter(([, etag]) => etag !== ''))
    },
    ...{ logins: proofs.logins, failures: proofs.failures, proofCounts: proofs.proofCounts },
    get droppedContacts() {
      return story.dropped
    },
    async explain(key) {
      return listSettings(describeDevice(await readKnown(key), site, families, vault))
    },
    addressByMulticast({ mac, source, words }) {
      const released = releases.findByMac(mac)
      const claimed = () =>
        claims?.isOpenTo(source) ? (readUserAgent(families, words)?.family ?? findFamilyByMac(families, mac)) : null
      const family = released ? families.find(({ name }) => name === released.family) : claimed()
      return family ? fillIn(family.pnp, publicAddress) : null
    },
    noteMulticast({ mac, source, words }, outcome) {
      const request = { transport: 'pnp', token: null, file: '', userAgent: words, address: source } as const
      story.note(request, refuse(outcome, null, mac))
    },
    addressOf({ token }) {
      if (!(token instanceof Secret)) throw new AppError('device-unknown', 'A phone without a token has no address.')
      return deviceAddress(site, token)
    },
    async close() {
      await hearing.close()
      await sealings.flush()
      await proofs.close()
      await story.close()
      store.forgetAll()
      books.forgetAll()
    },
  }
}
