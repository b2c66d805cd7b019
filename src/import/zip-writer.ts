import { constants, crc32, deflateRawSync } from 'node:zlib'

/** PKWARE APPNOTE 6.3, 4.3: sizes and checksum follow the data (flag 3), names are UTF-8 (flag 11), version 2.0. */
const FLAGS = (1 << 3) | (1 << 11)
const VERSION = 20
const DEFLATED = 8
/** Midnight, 1980-01-01: the same files are the same bytes. */
const DOS_EPOCH = 0x0021_0000
/** What ends a deflated stream: an empty last block (RFC 1951, 3.2.6). */
const LAST_BLOCK = Buffer.from([0x03, 0x00])

/** Makes a ZIP archive bit by bit: each call gives the bytes that come next. Files are written one after another. */
export type ZipWriter = {
  file(name: string): Buffer
  add(text: string): Buffer
  end(): Buffer
}

type Entry = { name: Buffer; offset: number; crc: number; packed: number; bytes: number }

export function openZip(): ZipWriter {
  const entries: Entry[] = []
  let offset = 0
  const count = (bytes: Buffer): Buffer => {
    offset += bytes.length
    return bytes
  }
  const closeFile = (): Buffer => {
    const entry = entries.at(-1)
    if (entry === undefined) return Buffer.alloc(0)
    entry.packed += LAST_BLOCK.length
    const { crc, packed, bytes } = entry
    return count(Buffer.concat([LAST_BLOCK, words(0x08074b50, crc, packed, bytes)]))
  }
  return {
    file(name) {
      const before = closeFile()
      const entry = { name: Buffer.from(name), offset, crc: 0, packed: 0, bytes: 0 }
      entries.push(entry)
      const head = [words(0x04034b50), shorts(VERSION, FLAGS, DEFLATED), words(DOS_EPOCH, 0, 0, 0)]
      return Buffer.concat([before, count(Buffer.concat([...head, shorts(entry.name.length, 0), entry.name]))])
    },
    add(text) {
      const entry = entries.at(-1)!
      const bytes = Buffer.from(text)
      // Blocks that end on a byte and refer to none before them can be put one after another.
      const packed = deflateRawSync(bytes, { level: 1, finishFlush: constants.Z_SYNC_FLUSH })
      entry.crc = crc32(bytes, entry.crc)
      entry.bytes += bytes.length
      entry.packed += packed.length
      return count(packed)
    },
    end() {
      const last = closeFile()
      const directory = Buffer.concat(entries.map(describeEntry))
      const counts = shorts(0, 0, entries.length, entries.length)
      return Buffer.concat([last, directory, words(0x06054b50), counts, words(directory.length, offset), shorts(0)])
    },
  }
}

function describeEntry({ name, offset, crc, packed, bytes }: Entry): Buffer {
  return Buffer.concat([
    ...[words(0x02014b50), shorts(VERSION, VERSION, FLAGS, DEFLATED), words(DOS_EPOCH, crc, packed, bytes)],
    ...[shorts(name.length, 0, 0, 0, 0), words(0, offset), name],
  ])
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, at) => bytes.writeUInt32LE(value, at * 4))
  return bytes
}

function shorts(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  values.forEach((value, at) => bytes.writeUInt16LE(value, at * 2))
  return bytes
}
