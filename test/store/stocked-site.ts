import { createPool } from '../../src/db/pool.ts'
import { addFirmware, type FirmwareUpload } from '../../src/store/firmware.ts'
import { runRollouts } from '../../src/store/run-rollouts.ts'
import type { Shelf } from '../../src/store/shelf.ts'
import { families, openSite, type Site } from '../boot/open-site.ts'
import { inPieces, openTestFolder, type TestFolder } from './files.ts'

export type StockedSite = Site & {
  shelf: Shelf
  store: TestFolder
  /** Takes in a file of an image for acme. */
  addImage: (name: string, bytes: Buffer, more?: Partial<FirmwareUpload>) => ReturnType<typeof addFirmware>
  /** One look of the worker. */
  roll: (now?: Date) => ReturnType<typeof runRollouts>
}

/** A site whose phones get files of a store. */
export async function openStockedSite(): Promise<StockedSite> {
  const store = await openTestFolder()
  const openStored = (sha256: string) => store.folder.open(sha256)
  const site = await openSite(() => Promise.resolve({ openStored }))
  const shelf = { pool: site.desk.pool, folder: store.folder, families }
  const owner = createPool(site.database.url, 'owner')
  return {
    ...site,
    ...{ shelf, store },
    addImage: (name, bytes, more = {}) =>
      addFirmware(
        shelf,
        site.desk.acme,
        {
          ...{ family: 'yealink', version: '108.86.0.90', models: [], open: false, name, content: inPieces(bytes) },
          ...more,
        },
        'test',
      ),
    roll: (now = new Date()) => runRollouts(owner, families, now),
    async close() {
      await owner.end()
      await site.close()
      store.close()
    },
  }
}
