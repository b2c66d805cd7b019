import type { Log } from '../model/log.ts'
import { listen } from '../db/listen.ts'
import type { BookStore } from './books/book-store.ts'
import type { DeviceStore } from './device-store.ts'
import type { Proofs } from './open-proofs.ts'
import { Reloading } from './reloading.ts'
import type { LateWrites } from './late-writes.ts'

/** Phones seal themselves one by one while a building boots; windows need not be read again for each of them. */
const SEALED_PAUSE_MS = 1_000

/** Tables that decide who gets what without a token. */
const ANEW = new Set(['release_windows', 'devices', 'tenants', 'firmware_images', 'firmware_files'])

type Hearing = {
  store: DeviceStore
  books: BookStore
  proofs: Proofs
  sealings: Pick<LateWrites<number>, 'flush'>
  log: Pick<Log, 'info' | 'warn'>
  readReleasesAnew: () => Promise<void>
}

/** Keeps store and releases true to the database. Resolves when changes are heard of for the first time. */
export async function hearChanges(url: string, hearing: Hearing): Promise<{ close(): Promise<void> }> {
  const { store, books, proofs, sealings, log, readReleasesAnew } = hearing
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
      void sealings.flush()
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
