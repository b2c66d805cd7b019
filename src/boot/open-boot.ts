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
import { listen } from '../db/listen.ts'
import { readClaimWindows } from '../db/claim-codes.ts'
import { useDeviceLink } from '../db/device-links.ts'
import { readReleases } from '../db/releases.ts'
import { AppError } from '../model/app-error.ts'
import type { Log } from '../model/log.ts'
import type { Mac } from '../model/mac.ts'
import type { AnswerPhone, OpenFile, PhoneAnswer } from '../model/phone-request.ts'
import { Secret } from '../model/secret.ts'
import { fillIn, splitBootAddress } from '../phones/boot-address.ts'
import type { Family } from '../phones/family.ts'
import { choose, identify, readPage } from '../phones/identify.ts'
import { hashDeviceToken } from '../secrets/device-token.ts'
import type { Vault } from '../secrets/vault.ts'
import { answerPhone, type Desk } from './answer-phone.ts'
import type { BookStore } from './books/book-store.ts'
import { openBooks } from './books/open-books.ts'
import { describeDevice, deviceAddress, type Site } from './device-settings.ts'
import { DeviceStore } from './device-store.ts'
import { Claims, type OpenClaim } from './claims.ts'
import { refuse } from './judge-request.ts'
import { type ExplainedSetting, listSettings } from './list-settings.ts'
import { Lookups } from './lookups.ts'
import { fromStore } from './from-store.ts'
import { OpenFiles } from './open-files.ts'
import { openProofs, type Proofs } from './open-proofs.ts'
import type { Logins } from './logins.ts'
import { answerOf, type ReadyDevice, readyDevice, renderBootstraps } from './ready-device.ts'
import { type Clock, Releases } from './releases.ts'
import { Reloading } from './reloading.ts'
import { Sealer } from './sealer.ts'
import { splitHost } from './split-host.ts'
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

/** The second river: what phones ask for, and what people want to know about it. */
export type Boot = {
  answer: AnswerPhone
  /** The bytes that this device would get for that file name; null when its family has none of that name. */
  render(device: number | Mac, file: string): Promise<PhoneAnswer | null>
  /** Every setting with the layer that it comes from; secrets are of the type Secret. */
  explain(device: number | Mac): Promise<ExplainedSetting[]>
  /**
   * What a phone that shows nothing but its MAC address may be told: where its files are, in its maker's form and
   * without its token. Null outside of a release.
   */
  addressByMac(mac: Mac): string | null
  /** A phone asked by multicast and was told nothing; `words` is what it says of itself. */
  noteMulticast(phone: { mac: Mac; source: string; words: string }): void
  /** Entity tags of what this device would get now, by the names that its family gives files; null: no such device. */
  tagsOf(device: number): Promise<Map<string, string> | null>
  /** Where phones are asked for their passwords, and the passwords. */
  readonly logins: Logins
  /** How many contacts were answered and not noted since the start. */
  readonly droppedContacts: number
  /** Where a device fetches its files; whoever knows it gets them. */
  addressOf(device: { token?: unknown }): string
  close(): Promise<void>
}

const CACHE_BYTES = 512 * 1024 * 1024
const QUERY_TIMEOUT_MS = 5_000
/** Phones seal themselves one by one while a building boots; windows need not be read again for each of them. */
const SEALED_PAUSE_MS = 1_000

/**
 * Reads what decides about releases, begins to hear of changes, and answers phones from then on.
 * @throws AppError `database-unreachable`, or what is wrong with a bootstrap file
 */
export async function openBoot(options: BootOptions): Promise<Boot> {
  const { pool, vault, families, log, clock = () => performance.now() } = options
  const { openStored } = options
  const site: Site = {
    ...{ phonesUrl: options.phonesUrl.replace(/\/+$/, ''), ...splitHost(options.sipHost) },
    ...(openStored && { openStored }),
  }
  const openFiles = new OpenFiles(openStored)
  const publicAddress = splitBootAddress(site.phonesUrl, null)
  const releases = new Releases(clock)
  const sealer = new Sealer(
    (ids) => markSealed(pool, ids),
    (error) => log.warn({ err: error }, 'phones that came with their token are not noted yet'),
  )
  const byToken = new Lookups((tokens: readonly string[]) => readAll({ tokensSha256: tokens.map(hashDeviceToken) }))
  const byId = new Lookups((ids: readonly number[]) => readAll({ ids }))
  const store = new DeviceStore({
    load: async (sought) => {
      const record = await ('token' in sought ? byToken.find(sought.token) : byId.find(sought.id))
      return record && ready(record)
    },
    limitBytes: options.cacheBytes ?? CACHE_BYTES,
    onStale: (error) => log.warn({ err: error }, 'a phone got its last known configuration'),
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
    certified: proofs.certified,
    note: story.note,
  }
  const readReleasesAnew = async () => {
    const readAtMs = clock()
    releases.replace(await fromStore(readReleases(pool)), readAtMs, sealer.waiting)
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
    sealer.add(device.id, device.sealedAtMs)
  }
  async function readKnown(key: number | Mac): Promise<DeviceRecord> {
    const record = await read(typeof key === 'number' ? { id: key } : { mac: key })
    if (!record) throw new AppError('device-unknown', `There is no phone ${key}.`)
    return record
  }

  await readReleasesAnew()
  const hearing = await hearChanges(options.url, { store, books, proofs, sealer, log, readReleasesAnew })
  return {
    answer: (request) => answerPhone(desk, request),
    async render(key, file) {
      const device = ready(await readKnown(key))
      const chosen = choose(identify(families, { file, userAgent: '' }), device.family)
      if (chosen?.file.kind === 'book' && device.bookAddress !== null)
        return books.find(device.tenantId, chosen, readPage(chosen.file, file), device.bookAddress)
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
    logins: proofs.logins,
    get droppedContacts() {
      return story.dropped
    },
    async explain(key) {
      return listSettings(describeDevice(await readKnown(key), site, families, vault).resolved)
    },
    addressByMac(mac) {
      const released = releases.findByMac(mac)
      const family = released && families.find(({ name }) => name === released.family)
      return family ? fillIn(family.pnp, publicAddress) : null
    },
    noteMulticast({ mac, source, words }) {
      const request = { transport: 'pnp', token: null, file: '', userAgent: words, address: source } as const
      story.note(request, refuse('not-released', null, mac))
    },
    addressOf({ token }) {
      if (!(token instanceof Secret)) throw new AppError('device-unknown', 'A phone without a token has no address.')
      return deviceAddress(site, token)
    },
    async close() {
      await hearing.close()
      await sealer.flush()
      await proofs.close()
      await story.close()
      store.forgetAll()
      books.forgetAll()
    },
  }
}

/** Tables that decide who gets what without a token. */
const ANEW = new Set(['release_windows', 'devices', 'tenants', 'firmware_images', 'firmware_files'])

type Hearing = {
  store: DeviceStore
  books: BookStore
  proofs: Proofs
  sealer: Sealer
  log: BootOptions['log']
  readReleasesAnew: () => Promise<void>
}

/** Keeps store and releases true to the database. Resolves when changes are heard of for the first time. */
async function hearChanges(url: string, hearing: Hearing): Promise<{ close(): Promise<void> }> {
  const { store, books, proofs, sealer, log, readReleasesAnew } = hearing
  const first = Promise.withResolvers<undefined>()
  let connections = 0
  let isConnected = false
  const reloading = new Reloading(
    async () => {
      const connection = connections
      await readReleasesAnew()
      if (!isConnected || connection !== connections) return
      store.hears = true
      first.resolve(undefined)
    },
    (error) => log.warn({ err: error }, 'releases are not up to date'),
  )
  const listener = listen(url, 'offhook_phones', {
    connect() {
      isConnected = true
      connections++
      // What changed while nobody listened is not known: everything may have.
      store.outdate()
      books.outdate(null)
      void sealer.flush()
      proofs.hear('logins')
      void reloading.now()
    },
    lost() {
      if (store.hears) log.warn({}, 'changes in the database are not heard of; phones get what was known last')
      isConnected = false
      store.hears = false
    },
    notification(table) {
      if (table.startsWith('book/')) {
        books.outdate(Number(table.slice('book/'.length)))
        return
      }
      proofs.hear(table)
      if (table === 'logins') return
      if (table === 'sealed') reloading.within(SEALED_PAUSE_MS)
      else if (table !== 'release_windows') store.outdate()
      if (ANEW.has(table)) void reloading.now()
    },
  })
  await first.promise
  return {
    async close() {
      await reloading.stop()
      await listener.close()
    },
  }
}
