import { crc32, inflateRawSync } from 'node:zlib'

/** Records of a ZIP archive (PKWARE APPNOTE 6.3, 4.3): signatures and the sizes of their fixed parts in bytes. */
const END = { signature: 0x06054b50, size: 22 }
const ENTRY = { signature: 0x02014b50, size: 46 }
const LOCAL = { signature: 0x04034b50, size: 30 }
const MAX_COMMENT = 0xffff
const MAX_ENTRIES = 10_000
const STORED = 0
const DEFLATED = 8
const ENCRYPTED = 1

export type ZipFault = 'broken' | 'encrypted' | 'too-large'

/**
 * Unpacks the files whose name is `wanted`. What the archive says about sizes is not believed: inflating stops at
 * `maxBytes` for all files together. Answers why it cannot be unpacked otherwise; never throws.
 */
export function unpackZip(
  bytes: Buffer,
  wanted: (name: string) => boolean,
  maxBytes: number,
): Map<string, Buffer> | ZipFault {
  try {
    return unpackEntries(bytes, wanted, maxBytes)
  } catch (error) {
    // Offsets beyond the end are RangeErrors, broken streams and those beyond the limit are errors of zlib with a code.
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code === 'ERR_BUFFER_TOO_LARGE') return 'too-large'
    if (code.startsWith('Z_') || code.startsWith('ERR_OUT_OF_RANGE') || code === 'ERR_BUFFER_OUT_OF_BOUNDS')
      return 'broken'
    throw error
  }
}

function unpackEntries(
  bytes: Buffer,
  wanted: (name: string) => boolean,
  maxBytes: number,
): Map<string, Buffer> | ZipFault {
  const end = findEnd(bytes)
  if (end < 0) return 'broken'
  const files = new Map<string, Buffer>()
  let left = maxBytes
  let at = bytes.readUInt32LE(end + 16)
  const entries = bytes.readUInt16LE(end + 10)
  if (entries > MAX_ENTRIES) return 'too-large'
  for (let index = 0; index < entries; index += 1) {
    if (bytes.readUInt32LE(at) !== ENTRY.signature) return 'broken'
    const nameLength = bytes.readUInt16LE(at + 28)
    const name = bytes.toString('utf8', at + ENTRY.size, at + ENTRY.size + nameLength)
    if (wanted(name) && !files.has(name)) {
      if ((bytes.readUInt16LE(at + 8) & ENCRYPTED) !== 0) return 'encrypted'
      const file = unpackEntry(bytes, at, left)
      if (typeof file === 'string') return file
      left -= file.length
      files.set(name, file)
    }
    at += ENTRY.size + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return files
}

/** `at` is the place of the entry in the central directory. */
function unpackEntry(bytes: Buffer, at: number, maxBytes: number): Buffer | ZipFault {
  const method = bytes.readUInt16LE(at + 10)
  const packedBytes = bytes.readUInt32LE(at + 20)
  const local = bytes.readUInt32LE(at + 42)
  if (bytes.readUInt32LE(local) !== LOCAL.signature) return 'broken'
  const start = local + LOCAL.size + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  const packed = bytes.subarray(start, start + packedBytes)
  if (packed.length !== packedBytes) return 'broken'
  if (method === STORED) return packed.length > maxBytes ? 'too-large' : packed
  if (method !== DEFLATED) return 'broken'
  // zlib takes no limit of 0.
  const file = inflateRawSync(packed, { maxOutputLength: maxBytes + 1 })
  return file.length > maxBytes ? 'too-large' : file
}

/** The last record of the archive; -1 without one. */
function findEnd(bytes: Buffer): number {
  const last = bytes.length - END.size
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at -= 1) {
    if (bytes.readUInt32LE(at) === END.signature) return at
  }
  return -1
}

/** Packs files without compression: an archive in which every size is true. */
export function packZip(files: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, file] of files) {
    const nameBytes = Buffer.from(name)
    // Version 2.0, no flags, stored, no time; the same fields stand in the local header and in the directory.
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt32LE(crc32(file), 10)
    fields.writeUInt32LE(file.length, 14)
    fields.writeUInt32LE(file.length, 18)
    fields.writeUInt16LE(nameBytes.length, 22)
    parts.push(writeUInt32(LOCAL.signature), fields, nameBytes, file)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(writeUInt32(ENTRY.signature), Buffer.from([20, 0]), fields, rest, nameBytes)
    offset += LOCAL.size + nameBytes.length + file.length
  }
  const end = Buffer.alloc(END.size)
  end.writeUInt32LE(END.signature, 0)
  end.writeUInt16LE(files.size, 8)
  end.writeUInt16LE(files.size, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...directory, end])
}

function writeUInt32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
