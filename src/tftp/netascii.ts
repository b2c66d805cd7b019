const LF = 0x0a
const CR = 0x0d

/**
 * The netascii form of a file (RFC 764, which RFC 1350 refers to): LF becomes CR LF and a bare CR becomes CR NUL, so that a
 * client that undoes both has the very bytes again.
 */
export function encodeNetascii(bytes: Buffer): Buffer {
  let extra = 0
  for (const byte of bytes) if (byte === LF || byte === CR) extra++
  if (extra === 0) return bytes
  const encoded = Buffer.allocUnsafe(bytes.length + extra)
  let at = 0
  for (const byte of bytes) {
    if (byte === LF) encoded[at++] = CR
    encoded[at++] = byte
    if (byte === CR) encoded[at++] = 0
  }
  return encoded
}
