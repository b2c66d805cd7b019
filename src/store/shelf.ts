import type pg from 'pg'
import { inTransaction } from '../db/pool.ts'
import { lockStoreForAdding, sumStoredBytes } from '../db/stored-files.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { quote } from '../model/quote.ts'
import type { Family } from '../phones/family.ts'
import type { StoreFolder } from './folder.ts'
import { type Expected, type Received, receiveFile } from './receive-file.ts'

/** What work on stored files needs; made once by the composition root. */
export type Shelf = {
  /** Connections of the role offhook_app. */
  pool: pg.Pool
  folder: StoreFolder
  families: readonly Family[]
}

/** A file on its way in. `name` as whoever sends it calls it. */
export type Upload = { name: string; content: AsyncIterable<Uint8Array> } & Omit<Expected, 'limitBytes'>

/** The most bytes that one file may have. The largest images known are packages of video phones with some 300 MB. */
export const FILE_LIMITS = { firmware: 512 * 1024 * 1024, asset: 16 * 1024 * 1024 }
/** What all files of a tenant may take. */
export const TENANT_LIMIT_BYTES = 50 * 1024 * 1024 * 1024

/**
 * Takes a file in, has `judge` look at it, and writes its row with `record` in the transaction that puts it in its place.
 * Nothing stays behind when any of it fails.
 * @throws AppError as {@link receiveFile}, `store-full` beyond the tenant's limit, and whatever the two throw
 */
export async function takeIn<T>(
  shelf: Shelf,
  tenant: Tenant,
  upload: Upload & { limitBytes: number },
  judge: (received: Received) => void,
  record: (client: pg.PoolClient, received: Received) => Promise<T>,
): Promise<T> {
  const received = await receiveFile(shelf.folder, upload.content, upload)
  try {
    judge(received)
    return await inTransaction(shelf.pool, tenant.id, async (client) => {
      await lockStoreForAdding(client)
      if ((await sumStoredBytes(client, tenant.id)) + received.bytes > TENANT_LIMIT_BYTES)
        throw new AppError('store-full', `${tenant.slug} has no room left: remove firmware that no phone needs.`)
      await received.keep()
      return record(client, received)
    })
  } finally {
    await received.drop()
  }
}

/** @throws AppError `input-invalid` for the name of a file that phones of the family get from their settings */
export function expectNoOwnFile({ displayName, files }: Family, name: string): void {
  const own = files.find(({ kind, pattern }) => kind !== 'absent' && pattern.test(name))
  if (!own) return
  throw new AppError('input-invalid', `${quote(name)} is what ${displayName} phones call their ${own.name} file.`)
}
