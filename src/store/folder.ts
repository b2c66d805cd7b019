import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../model/app-error.ts'
import type { OpenFile } from '../model/phone-request.ts'

const DIGEST = /^[0-9a-f]{64}$/
const INCOMING = 'incoming'

/**
 * Files under their SHA-256, two digits a folder, and nothing else: no name that somebody gave ever becomes a path. What
 * is still coming lies in `incoming` under a random name.
 */
export class StoreFolder {
  readonly #path: string

  /** @param path absolute or from the working folder; see {@link openStoreFolder} */
  constructor(path: string) {
    this.#path = path
  }

  /** A fresh place for a file that is coming. */
  nameIncoming(): string {
    return join(this.#path, INCOMING, randomUUID())
  }

  /** Moves a file that has come to its place; one that is there already is the same. Survives a loss of power. */
  async keep(incoming: string, sha256: string): Promise<void> {
    const folder = join(this.#path, sha256.slice(0, 2))
    await mkdir(folder, { recursive: true, mode: 0o750 })
    await rename(incoming, this.#locate(sha256))
    const directory = await open(folder, 'r')
    await directory.sync().finally(() => directory.close())
  }

  /** @throws AppError `store-unusable` when the file is not there */
  async open(sha256: string): Promise<OpenFile> {
    try {
      const handle = await open(this.#locate(sha256), 'r')
      return {
        read: async (into, at) => (await handle.read(into, 0, into.length, at)).bytesRead,
        close: () => handle.close(),
      }
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
      throw new AppError('store-unusable', `A stored file cannot be read (${code}): ${this.#locate(sha256)}`, { cause })
    }
  }

  /** Deletes what `isWanted` does not know, and what began to come before `staleBeforeMs`. @returns how many files */
  async sweep(isWanted: (sha256: string) => boolean, staleBeforeMs: number): Promise<number> {
    let removed = 0
    for (const folder of await list(this.#path)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue
      for (const name of await list(join(this.#path, folder)))
        if (DIGEST.test(name) && name.startsWith(folder) && !isWanted(name)) {
          await rm(join(this.#path, folder, name), { force: true })
          removed++
        }
    }
    for (const name of await list(join(this.#path, INCOMING))) {
      const path = join(this.#path, INCOMING, name)
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }))
      if (mtimeMs >= staleBeforeMs) continue
      await rm(path, { force: true })
      removed++
    }
    return removed
  }

  #locate(sha256: string): string {
    if (!DIGEST.test(sha256)) throw new Error('not a SHA-256 in hex')
    return join(this.#path, sha256.slice(0, 2), sha256)
  }
}

/**
 * Makes the folder where it is missing and proves that it can be written.
 * @throws AppError `store-unusable` naming the folder, the reason and the cure
 */
export async function openStoreFolder(path: string): Promise<StoreFolder> {
  const probe = join(path, INCOMING, randomUUID())
  try {
    await mkdir(join(path, INCOMING), { recursive: true, mode: 0o750 })
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
    await writeFile(probe, '')
    await rm(probe)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    const cure = CURES[code] ?? 'see that it can be read and written'
    throw new AppError('store-unusable', `OFFHOOK_STORE: the folder ${path} cannot be used (${code}): ${cure}.`, {
      cause,
    })
  }
  return new StoreFolder(path)
}

const CURES: Readonly<Record<string, string>> = {
  EACCES: 'give it to the account that runs Offhook (chown)',
  EPERM: 'give it to the account that runs Offhook (chown)',
  EROFS: 'it is on a file system that is mounted read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'there is a file of that name',
  ENOSPC: 'the disk is full',
}

async function list(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}
