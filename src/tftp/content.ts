import type { OpenFile } from '../model/phone-request.ts'

/** What a transfer sends, wherever it is. */
export type Content = {
  readonly length: number
  /** The bytes from `from` up to `to`; null while they are on their way: the transfer is resumed then. */
  slice(from: number, to: number): Buffer | null
}

/** A file in memory. */
export function inMemory(bytes: Buffer): Content {
  return { length: bytes.length, slice: (from, to) => bytes.subarray(from, to) }
}

/** More than the largest window; what a transfer under way holds in memory. */
const CHUNK_BYTES = 64 * 1024

/**
 * A file on disk, read ahead a chunk at a time: an image of 100 MB takes no more memory than a small one, and no packet
 * waits for a disk that other transfers are not waiting for.
 */
export class FileContent implements Content {
  readonly length: number
  readonly #file: OpenFile
  readonly #onReady: () => void
  readonly #onFailure: (error: unknown) => void
  #chunk = Buffer.alloc(0)
  #chunkAt = 0
  #isReading = false
  #isClosed = false

  constructor(file: OpenFile, length: number, on: { ready: () => void; failure: (error: unknown) => void }) {
    this.#file = file
    this.length = length
    this.#onReady = on.ready
    this.#onFailure = on.failure
  }

  slice(from: number, to: number): Buffer | null {
    if (from >= to) return Buffer.alloc(0)
    if (from >= this.#chunkAt && to <= this.#chunkAt + this.#chunk.length)
      return this.#chunk.subarray(from - this.#chunkAt, to - this.#chunkAt)
    if (!this.#isReading && !this.#isClosed) void this.#read(from, Math.max(to - from, CHUNK_BYTES))
    return null
  }

  close(): void {
    this.#isClosed = true
    if (!this.#isReading) this.#file.close().catch(this.#onFailure)
  }

  async #read(from: number, bytes: number): Promise<void> {
    this.#isReading = true
    try {
      const chunk = Buffer.allocUnsafe(Math.min(bytes, this.length - from))
      let filled = 0
      while (filled < chunk.length && !this.#isClosed) {
        const count = await this.#file.read(chunk.subarray(filled), from + filled)
        if (count === 0) throw new Error('a stored file is shorter than its row says')
        filled += count
      }
      this.#chunk = chunk
      this.#chunkAt = from
    } catch (error) {
      if (!this.#isClosed) this.#onFailure(error)
    } finally {
      this.#isReading = false
    }
    if (this.#isClosed) await this.#file.close().catch(this.#onFailure)
    else this.#onReady()
  }
}
