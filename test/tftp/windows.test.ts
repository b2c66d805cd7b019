import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countRuns } from '../support/runs.ts'
import { inMemory } from '../../src/tftp/content.ts'
import { DEFAULT_LIMITS } from '../../src/tftp/limits.ts'
import { negotiate } from '../../src/tftp/options.ts'
import { parseReadRequest } from '../../src/tftp/packets.ts'
import { Transfer } from '../../src/tftp/transfer.ts'
import { type Wanted, WindowedClient } from './windowed-client.ts'

/** What a network does to a thousand packets, never losing more than three in a row; times in milliseconds. */
type Weather = { seed: number; lost: number; doubled: number; late: number; latestMs: number }

/** What was seen of one fetch over such a network once the server was done with it, one way or the other. */
type Fetch = { received: Buffer; isComplete: boolean; isServed: boolean; sent: number }

/** Packets under way. One that is late is overtaken by those after it. */
class Network {
  readonly #weather: Weather
  readonly #underWay: { atMs: number; deliver: (nowMs: number) => void }[] = []
  #state: number
  #lostInRow = 0
  carried = 0

  constructor(weather: Weather) {
    this.#weather = weather
    this.#state = weather.seed | 1
  }

  carry(nowMs: number, deliver: (nowMs: number) => void): void {
    this.carried++
    const { lost, doubled, late, latestMs } = this.#weather
    const isLost = this.#chance(lost) && this.#lostInRow < 3
    this.#lostInRow = isLost ? this.#lostInRow + 1 : 0
    const copies = isLost ? 0 : this.#chance(doubled) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      const delayMs = this.#chance(late) ? this.#draw() % latestMs : 0
      this.#underWay.push({ atMs: nowMs + 1 + delayMs, deliver })
    }
  }

  deliver(nowMs: number): void {
    const due = this.#underWay.filter(({ atMs }) => atMs <= nowMs)
    const later = this.#underWay.filter(({ atMs }) => atMs > nowMs)
    this.#underWay.splice(0, Infinity, ...later)
    for (const { deliver } of due) deliver(nowMs)
  }

  #chance(inThousand: number): boolean {
    return this.#draw() % 1000 < inThousand
  }

  /** A xorshift, so that a failure is one number. */
  #draw(): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return this.#state >>> 0
  }
}

function fetchThrough(wanted: Wanted, weather: Weather): Fetch {
  const network = new Network(weather)
  const server: { transfer: Transfer | null; isServed: boolean } = { transfer: null, isServed: false }
  let nowMs = 0
  const answer = (packet: Buffer, atMs: number): void => {
    const request = parseReadRequest(packet)
    if (server.transfer === null) {
      const agreement = negotiate(request!.options, wanted.bytes.length, DEFAULT_LIMITS)
      server.transfer = new Transfer({ content: inMemory(wanted.bytes), agreement }, DEFAULT_LIMITS, atMs, (data) =>
        network.carry(nowMs, (ms) => client.receive(data, ms)),
      )
    } else if (request !== null) server.transfer.receiveSameRequest(atMs)
    else if (server.transfer.receiveAck(packet.readUInt16BE(2), atMs) === 'complete') server.isServed = true
  }
  const client = new WindowedClient(wanted, 0, (packet) => network.carry(nowMs, (ms) => answer(packet, ms)))
  for (let isAlive = true; isAlive; nowMs++) {
    network.deliver(nowMs)
    client.tick(nowMs)
    isAlive = !server.isServed && (server.transfer?.tick(nowMs) ?? true)
  }
  return { received: client.received, isComplete: client.isComplete, isServed: server.isServed, sent: network.carried }
}

function draw(sizeBytes: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: sizeBytes }, (_, i) => (i * 7 + (i >> 8) * 3 + (i >> 16) * 5) & 0xff))
}

const bad: fc.Arbitrary<Weather> = fc.record({
  seed: fc.integer({ min: 1 }),
  lost: fc.nat(150),
  doubled: fc.nat(100),
  late: fc.nat(150),
  latestMs: fc.constantFrom(2, 20, 300),
})

test('a client that holds to RFC 7440 gets the very bytes over networks that lose, double and reorder, and no packet out of place', () => {
  const wanted = fc.record({
    file: fc.constant('file'),
    blockBytes: fc.integer({ min: 8, max: DEFAULT_LIMITS.blockBytes }),
    windowBlocks: fc.integer({ min: 1, max: DEFAULT_LIMITS.windowBlocks }),
    bytes: fc.oneof(fc.nat(20_000), fc.constantFrom(0, 8, 512, 1024)).map(draw),
  })
  fc.assert(
    fc.property(wanted, bad, (wanted, weather) => {
      const { received, isComplete } = fetchThrough(wanted, weather)
      expect(isComplete).toBe(true)
      expect(received.equals(wanted.bytes)).toBe(true)
    }),
    { numRuns: countRuns(300, 20_000) },
  )
})

test('over a clean network no block is sent twice, and the last acknowledgement ends the transfer', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 32 }), fc.nat(20_000), (windowBlocks, size) => {
      const wanted: Wanted = { file: 'file', blockBytes: 512, windowBlocks, bytes: draw(size) }
      const fetch = fetchThrough(wanted, { seed: 1, lost: 0, doubled: 0, late: 0, latestMs: 1 })
      const blocks = Math.floor(size / 512) + 1
      expect(fetch.received.equals(wanted.bytes) && fetch.isServed).toBe(true)
      expect(fetch.sent, 'RRQ, OACK and ACK 0, every block once, an ACK a window').toBe(
        3 + blocks + Math.ceil(blocks / windowBlocks),
      )
    }),
    { numRuns: 100 },
  )
})

test.each([1, 7, 32])('block numbers roll over twice under loss with windows of %i', (windowBlocks) => {
  const wanted: Wanted = { file: 'file', blockBytes: 8, windowBlocks, bytes: draw(8 * 140_000 + 3) }
  const fetch = fetchThrough(wanted, { seed: 7, lost: 1, doubled: 1, late: 1, latestMs: 20 })
  expect(fetch.received.equals(wanted.bytes) && fetch.isServed).toBe(true)
})
