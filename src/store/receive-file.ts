import { createHash } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { AppError } from '../model/app-error.ts'
import type { StoreFolder } from './folder.ts'

/** Enough to find the size of a picture behind the longest comments that a JPEG may begin with. */
const HEAD_BYTES = 256 * 1024

/** A file that has come as a whole and waits to be kept or dropped. */
export type Received = {
  /** In hex. */
  sha256: string
  bytes: number
  /** How it begins, to see what it is. */
  head: Buffer
  /** Puts it under its digest. */
  keep(): Promise<void>
  /** Throws it away; nothing happens when it is kept already. */
  drop(): Promise<void>
}

export type Expected = {
  limitBytes: number
  /** What the sender said that it would send. */
  bytes?: number | undefined
  sha256?: string | undefined
}

/**
 * Writes what comes to the disk as it comes, whatever its size in memory-sized pieces. Nothing stays behind when it
 * fails.
 * @throws AppError `file-too-large`, `upload-incomplete` when it broke off, is empty or has another digest, `store-full`
 */
export async function receiveFile(
  folder: StoreFolder,
  content: AsyncIterable<Uint8Array>,
  expected: Expected,
): Promise<Received> {
  const path = folder.nameIncoming()
  const drop = () => rm(path, { force: true })
  if ((expected.bytes ?? 0) > expected.limitBytes) throw tooLarge(expected.limitBytes)
  try {
    const handle = await open(path, 'wx', 0o640)
    const written = await write(handle, content, expected).finally(() => handle.close())
    return { ...written, keep: () => folder.keep(path, written.sha256), drop }
  } catch (error) {
    await drop()
    throw explain(error)
  }
}

async function write(handle: FileHandle, content: AsyncIterable<Uint8Array>, expected: Expected) {
  const digest = createHash('sha256')
  const heads: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of readOn(content)) {
    if (bytes + chunk.length > expected.limitBytes) throw tooLarge(expected.limitBytes)
    if (bytes < HEAD_BYTES) heads.push(chunk.slice(0, HEAD_BYTES - bytes))
    digest.update(chunk)
    for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten
    bytes += chunk.length
  }
  const sha256 = digest.digest('hex')
  if (bytes === 0) throw incomplete('The file is empty')
  if (expected.bytes !== undefined && bytes !== expected.bytes)
    throw incomplete(`${bytes} of ${expected.bytes} bytes came`)
  if (expected.sha256 !== undefined && sha256 !== expected.sha256.toLowerCase())
    throw incomplete(`What came has the SHA-256 ${sha256}, not the one given`)
  await handle.sync()
  return { sha256, bytes, head: Buffer.concat(heads) }
}

/** What breaks while it is read is the sender's doing, what breaks while it is written is ours. */
async function* readOn(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = content[Symbol.asyncIterator]()
  try {
    for (;;) {
      const step: IteratorResult<Uint8Array, unknown> = await iterator.next().catch((cause: unknown) => {
        if (cause instanceof AppError) throw cause
        throw incomplete('It broke off', cause)
      })
      if (step.done) return
      yield step.value
    }
  } finally {
    await iterator.return?.().catch(() => undefined)
  }
}

function tooLarge(limitBytes: number): AppError {
  return new AppError('file-too-large', `The file has more than ${limitBytes} bytes, which is the most.`)
}

function incomplete(message: string, cause?: unknown): AppError {
  return new AppError('upload-incomplete', `${message}. Nothing is stored; send it again.`, { cause })
}

function explain(error: unknown): unknown {
  const { code = '' } = error as { code?: string }
  // EFBIG: a limit of the process (RLIMIT_FSIZE) or of the file system.
  if (!['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) return error
  const message = `The disk of OFFHOOK_STORE is full (${code}). Make room; nothing of the file is stored.`
  return new AppError('store-full', message, { cause: error })
}
