import { hash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStoreFolder, type StoreFolder } from '../../src/store/folder.ts'

export type TestFolder = {
  path: string
  folder: StoreFolder
  /** Names of all files in it, `incoming` included. */
  list: () => string[]
  close: () => void
}

/** A store in a temporary folder. */
export async function openTestFolder(): Promise<TestFolder> {
  const path = mkdtempSync(join(tmpdir(), 'offhook-store-'))
  return {
    path,
    folder: await openStoreFolder(path),
    list: () =>
      readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .sort(),
    close: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** Bytes in pieces, as they come over a wire. */
export async function* inPieces(bytes: Buffer, pieceBytes = 10_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    await Promise.resolve()
    yield bytes.subarray(at, at + pieceBytes)
  }
}

export function sha256(bytes: Buffer): string {
  return hash('sha256', bytes)
}

/** The head of a PNG picture of that size, and some more bytes. */
export function makePng(width: number, height: number): Buffer {
  const head = Buffer.alloc(33)
  head.write('\x89PNG\r\n\x1a\n', 'latin1')
  head.writeUInt32BE(13, 8)
  head.write('IHDR', 12, 'latin1')
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  return Buffer.concat([head, randomBytes(200)])
}

/** A JPEG with a comment before its frame, as cameras write them. */
export function makeJpeg(width: number, height: number, commentBytes = 40_000): Buffer {
  const comment = Buffer.alloc(4 + commentBytes)
  comment.writeUInt16BE(0xfffe, 0)
  comment.writeUInt16BE(2 + commentBytes, 2)
  const frame = Buffer.from([0xff, 0xc2, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0])
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  return Buffer.concat([Buffer.from([0xff, 0xd8]), comment, frame, Buffer.from([0xff, 0xd9])])
}

/** A picture of Windows' kind, its rows from the top. */
export function makeBmp(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(54 + width * height * 3)
  bytes.write('BM', 'latin1')
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(width, 18)
  bytes.writeInt32LE(-height, 22)
  bytes.writeUInt16LE(24, 28)
  return bytes
}

export type Sound = { tag: number; rateHz: number; bits: number; channels?: number }

/** A WAV file with a chunk before its format, which some programs write. */
export function makeWav({ tag, rateHz, bits, channels = 1 }: Sound, seconds = 0.1): Buffer {
  const samples = Buffer.alloc(Math.round(rateHz * seconds) * (bits / 8) * channels)
  const head = Buffer.alloc(12)
  head.write('RIFF', 0, 'latin1')
  head.write('WAVE', 8, 'latin1')
  const note = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1')
  const format = Buffer.alloc(24)
  format.write('fmt ', 0, 'latin1')
  format.writeUInt32LE(16, 4)
  format.writeUInt16LE(tag, 8)
  format.writeUInt16LE(channels, 10)
  format.writeUInt32LE(rateHz, 12)
  format.writeUInt16LE(bits, 22)
  const content = Buffer.alloc(8)
  content.write('data', 0, 'latin1')
  content.writeUInt32LE(samples.length, 4)
  return Buffer.concat([head, note, format, content, samples])
}
