import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OpenFile, PhoneAnswer, StoredFile } from '../model/phone-request.ts'
import { matchesTag } from './etag.ts'
import { readRange } from './read-range.ts'

/** What is read at once: as much as a socket takes without waiting. */
const PIECE_BYTES = 64 * 1024
/** A phone that takes nothing for so long is gone; half an image is of no use to it. */
const SILENCE_MS = 60_000

type Sent = { status: number; bytes: number }

/**
 * Sends a stored file from disk, or the range of it that was asked for (RFC 9110 §14): some phones fetch firmware in
 * pieces, or go on where they broke off.
 * @returns what left, also when the phone went away in the middle
 * @throws AppError `store-unusable` before anything is sent
 */
export async function sendStored(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  { contentType, etag }: PhoneAnswer,
  stored: StoredFile,
): Promise<Sent> {
  const base = ['Cache-Control', 'no-store', 'ETag', etag, 'Accept-Ranges', 'bytes']
  if (matchesTag(headers['if-none-match'], etag)) return endEmpty(response, 304, base)
  const { sizeBytes } = stored
  // §13.1.5: of another version the piece would not fit.
  const isSame = headers['if-range'] === undefined || headers['if-range'] === etag
  const range = method === 'GET' && isSame ? readRange(headers.range, sizeBytes) : null
  if (range === 'unsatisfiable')
    return endEmpty(response, 416, [...base, 'Content-Length', '0', 'Content-Range', `bytes */${sizeBytes}`])
  const { from, to } = range ?? { from: 0, to: sizeBytes - 1 }
  const file = await stored.open()
  try {
    const status = range ? 206 : 200
    response.writeHead(status, [
      ...[...base, 'Content-Length', String(to - from + 1), 'Content-Type', contentType],
      ...(range ? ['Content-Range', `bytes ${from}-${to}/${sizeBytes}`] : []),
    ])
    if (method === 'HEAD') {
      response.end()
      return { status, bytes: 0 }
    }
    return { status, bytes: await copy(file, response, from, to) }
  } finally {
    await file.close()
  }
}

function endEmpty(response: ServerResponse, status: number, headers: string[]): Sent {
  response.writeHead(status, headers)
  response.end()
  return { status, bytes: 0 }
}

/** @returns how many bytes left before the end or the phone's */
async function copy(file: OpenFile, response: ServerResponse, from: number, to: number): Promise<number> {
  response.setTimeout(SILENCE_MS, () => response.destroy())
  let at = from
  while (at <= to && !response.destroyed) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, to - at + 1))
    const count = await file.read(piece, at)
    if (count === 0) break
    at += count
    if (!response.write(piece.subarray(0, count))) await drain(response)
  }
  // A file that ends before its length leaves the answer short: the phone must not take it for whole.
  if (at <= to) response.destroy()
  else response.end()
  return at - from
}

function drain(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.once('drain', done).once('close', done)
  })
}
