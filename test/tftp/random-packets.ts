import { ack, readRequest } from './raw-client.ts'

/** xorshift32: the same seed draws the same packets. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 1
  }

  /** 0..limit-1. */
  below(limit: number): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) % Math.max(1, limit)
  }

  bytes(length: number): Buffer {
    return Buffer.from(Uint8Array.from({ length }, () => this.below(256)))
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }
}

const NAMES = [
  'phone.cfg',
  'phone.cfg',
  'none',
  '',
  '../../etc/passwd',
  '/',
  'a\r\nb',
  '%00',
  '\ud800',
  'x'.repeat(505),
]
const OPTION_NAMES = ['blksize', 'BlkSize', 'tsize', 'timeout', 'windowsize', 'multicast', 'rollover', '', '\u00ff']
const OPTION_VALUES = ['0', '1', '8', '512', '1468', '65464', '65535', '65536', '-1', '4294967296', '1e9', '', 'x', '٣']

/** One datagram: noise, a well-formed packet of any kind, or such a packet with bytes changed, cut off or added. */
export function drawPacket(random: Random): Buffer {
  const packet = drawWellFormed(random)
  switch (random.below(6)) {
    case 0:
      return packet.subarray(0, random.below(packet.length + 1))
    case 1:
      for (let i = random.below(4); i >= 0 && packet.length > 0; i--)
        packet[random.below(packet.length)] = random.below(256)
      return packet
    case 2:
      return Buffer.concat([packet, random.bytes(random.below(30))])
    case 3:
      return random.bytes(random.pick([0, 1, 2, 3, 4, 5, 20, 516, 1500]))
    default:
      return packet
  }
}

function drawWellFormed(random: Random): Buffer {
  switch (random.below(10)) {
    case 0:
    case 1:
    case 2:
      return readRequest(
        random.pick(NAMES),
        drawOptions(random),
        random.pick(['octet', 'netascii', 'OCTET', 'mail', '']),
      )
    case 3:
    case 4:
    case 5:
      return ack(random.pick([0, 0, 1, 1, 2, 3, 20, 65_535, random.below(65_536)]))
    case 6:
      return Buffer.concat([Buffer.of(0, 5, 0, random.below(10)), Buffer.from('stop\0')])
    case 7:
      return Buffer.concat([Buffer.of(0, 3, 0, random.below(4)), random.bytes(random.below(40))])
    case 8:
      return Buffer.concat([Buffer.of(0, 6), Buffer.from('blksize\x00512\0')])
    default:
      return Buffer.concat([Buffer.of(0, random.below(256)), random.bytes(random.below(20))])
  }
}

function drawOptions(random: Random): Record<string, string> {
  const count = random.below(5)
  return Object.fromEntries(
    Array.from({ length: count }, () => [random.pick(OPTION_NAMES), random.pick(OPTION_VALUES)] as const),
  )
}
