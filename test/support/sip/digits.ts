/** The event codes of RFC 4733 §3.2 by position. */
const KEYS = '0123456789*#ABCD'

const PRESSED_PACKETS = 5
const END_PACKETS = 3
const PAUSE_PACKETS = 3
const VOLUME_DBM0 = 10

/** What one packet time of a key press carries. */
export interface DigitPacket {
  /** The payload, undefined in the pause between two keys. */
  readonly event: Buffer | undefined
  /** How long ago the event began; every packet of one event has the timestamp of its start (RFC 4733 §2.5.1.2). */
  readonly agoSamples: number
}

/** The packets of one key, one a packet time. @throws Error when the key is not on a telephone */
export function digitPackets(key: string, packetSamples: number): DigitPacket[] {
  const code = KEYS.indexOf(key.toUpperCase())
  if (code < 0 || key.length !== 1) throw new Error(`no telephone key ${JSON.stringify(key)}`)
  const pressed = Array.from({ length: PRESSED_PACKETS + END_PACKETS }, (_, index) => {
    // The end is said three times, for a lost one would leave the key pressed (RFC 4733 §2.5.1.4).
    const ended = index >= PRESSED_PACKETS
    const event = Buffer.from([code, (ended ? 0x80 : 0) | VOLUME_DBM0, 0, 0])
    event.writeUInt16BE(Math.min(index + 1, PRESSED_PACKETS) * packetSamples, 2)
    return { event, agoSamples: index * packetSamples }
  })
  const pause = Array.from({ length: PAUSE_PACKETS }, () => ({ event: undefined, agoSamples: 0 }))
  return [...pressed, ...pause]
}

/** The key of an event payload, undefined when it is none. */
export function parseDigit(payload: Buffer): string | undefined {
  return payload.length >= 4 ? KEYS[payload[0]!] : undefined
}
