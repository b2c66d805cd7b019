/** RFC 1350 §5 and RFC 2347 (OACK). */
export const OPCODE = { read: 1, write: 2, data: 3, ack: 4, error: 5, optionAck: 6 } as const

/** RFC 1350 appendix; these go to clients. */
export const ERROR_CODE = { undefined: 0, notFound: 1, accessViolation: 2, illegal: 4, unknownTid: 5 } as const

/** RFC 2347: "The maximum size of a request packet is 512 octets." */
const MAX_REQUEST_BYTES = 512

export type ReadRequest = {
  /** The name as the client spelled it; bytes that are not UTF-8 become U+FFFD. */
  path: string
  mode: 'octet' | 'netascii'
  /** Names in lower case (RFC 2347: case-insensitive); of a repeated option the first one counts. */
  options: Map<string, string>
}

/** The opcode of a datagram, or null when it is too short to have one. */
export function readOpcode(datagram: Buffer): number | null {
  return datagram.length < 2 ? null : datagram.readUInt16BE(0)
}

/** The block number of an ACK, or null when the datagram is cut short. */
export function readBlock(datagram: Buffer): number | null {
  return datagram.length < 4 ? null : datagram.readUInt16BE(2)
}

/** Reads an RRQ; null when it is not one, is longer than 512 octets, or its mode is neither octet nor netascii. */
export function parseReadRequest(datagram: Buffer): ReadRequest | null {
  if (datagram.length > MAX_REQUEST_BYTES || readOpcode(datagram) !== OPCODE.read) return null
  if (datagram.at(-1) !== 0) return null
  const [path, mode, ...rest] = datagram.toString('utf8', 2, datagram.length - 1).split('\0')
  if (path === undefined || mode === undefined) return null
  const lower = mode.toLowerCase()
  if (lower !== 'octet' && lower !== 'netascii') return null
  return { path, mode: lower, options: pairOptions(rest) }
}

/** Zero padding after the mode, which some boot loaders send, makes nameless options: they and a last name without a value are left out. */
function pairOptions(texts: string[]): Map<string, string> {
  const options = new Map<string, string>()
  for (let i = 0; i + 1 < texts.length; i += 2) {
    const name = texts[i]!.toLowerCase()
    if (name !== '' && !options.has(name)) options.set(name, texts[i + 1]!)
  }
  return options
}

/** DATA with the bytes `from`..`to` of a file; the block number rolls over from 65535 to 0. */
export function encodeData(block: number, file: Buffer, from: number, to: number): Buffer {
  const packet = Buffer.allocUnsafe(4 + Math.max(0, to - from))
  packet.writeUInt16BE(OPCODE.data, 0)
  packet.writeUInt16BE(block & 0xffff, 2)
  file.copy(packet, 4, from, to)
  return packet
}

/** OACK (RFC 2347) with the accepted options in the order given. */
export function encodeOptionAck(accepted: readonly (readonly [string, string])[]): Buffer {
  const text = accepted.map(([name, value]) => `${name}\0${value}\0`).join('')
  return Buffer.concat([Buffer.of(0, OPCODE.optionAck), Buffer.from(text, 'latin1')])
}

/** ERROR with one of {@link ERROR_CODE}. */
export function encodeError(code: number, message: string): Buffer {
  return Buffer.concat([Buffer.of(0, OPCODE.error, 0, code), Buffer.from(`${message}\0`, 'latin1')])
}
