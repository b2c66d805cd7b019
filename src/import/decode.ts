import iconv from 'iconv-lite'
import { AppError } from '../model/app-error.ts'

const BYTE_ORDER_MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]
const SAMPLE_BYTES = 4096

/**
 * Turns the bytes of a text file into text without byte order mark. Without `encoding` it is found: byte order mark,
 * then the NUL pattern of UTF-16, then strict UTF-8, then Windows-1252, in which every byte sequence is valid.
 * Throws `input-invalid` for an encoding that nobody knows.
 */
export function decodeText(bytes: Buffer, encoding?: string): { text: string; encoding: string } {
  if (encoding !== undefined && !isKnownEncoding(encoding)) {
    throw new AppError('input-invalid', `Unknown encoding ${JSON.stringify(encoding.slice(0, 40))}`)
  }
  const chosen = encoding?.toLowerCase() ?? markedEncoding(bytes) ?? wideEncoding(bytes)
  if (chosen !== null) return { text: iconv.decode(bytes, chosen), encoding: chosen }
  const text = decodeStrictUtf8(bytes)
  if (text !== null) return { text, encoding: 'utf-8' }
  return { text: iconv.decode(bytes, 'windows-1252'), encoding: 'windows-1252' }
}

function isKnownEncoding(name: string): boolean {
  return iconv.encodingExists(name)
}

function markedEncoding(bytes: Buffer): string | null {
  const mark = BYTE_ORDER_MARKS.find(([, octets]) => octets.every((octet, index) => bytes[index] === octet))
  return mark?.[0] ?? null
}

/** UTF-16 without mark: in Latin text nearly every second byte is NUL, and always on the same side. */
function wideEncoding(bytes: Buffer): string | null {
  const length = Math.min(bytes.length, SAMPLE_BYTES)
  const nuls: [number, number] = [0, 0]
  for (let index = 0; index < length; index += 1) if (bytes[index] === 0) nuls[(index & 1) as 0 | 1] += 1
  const many = length / 6
  if (nuls[1] > many && nuls[0] < nuls[1] / 8) return 'utf-16le'
  if (nuls[0] > many && nuls[1] < nuls[0] / 8) return 'utf-16be'
  return null
}

function decodeStrictUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    // Node throws a TypeError (ERR_ENCODING_INVALID_ENCODED_DATA) for bytes that are not UTF-8.
    if (error instanceof TypeError) return null
    throw error
  }
}
