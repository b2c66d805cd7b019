import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inMemory } from '../../src/tftp/content.ts'
import { DEFAULT_LIMITS } from '../../src/tftp/limits.ts'
import { negotiate } from '../../src/tftp/options.ts'
import { Transfer } from '../../src/tftp/transfer.ts'
import { describePacket } from './raw-client.ts'

function begin(sizeBytes: number, options: Record<string, string> = {}) {
  const bytes = Buffer.from(Uint8Array.from({ length: sizeBytes }, (_, i) => (i * 7) & 0xff))
  const sent: Buffer[] = []
  const agreement = negotiate(new Map(Object.entries(options)), sizeBytes, DEFAULT_LIMITS)
  const transfer = new Transfer({ content: inMemory(bytes), agreement }, DEFAULT_LIMITS, 0, (packet) =>
    sent.push(packet),
  )
  const takeSent = () => sent.splice(0).map(describePacket)
  return { bytes, agreement, transfer, takeSent, sent }
}

/** Lets time pass in steps of a tick; true while the transfer is alive. */
function pass(transfer: Transfer, fromMs: number, toMs: number): boolean {
  for (let ms = fromMs; ms <= toMs; ms += 10) if (!transfer.tick(ms)) return false
  return true
}

describe('before the first answer', () => {
  test('a client without options gets one block twice and nothing more', () => {
    const { transfer, takeSent } = begin(5000)
    expect(pass(transfer, 0, 3900)).toBe(true)
    expect(takeSent()).toEqual(['DATA 1', 'DATA 1'])
    expect(pass(transfer, 3900, 4100)).toBe(false)
  })

  test('a window is opened only once the acknowledgement proves the way back', () => {
    const { transfer, takeSent } = begin(50_000, { windowsize: '4' })
    expect(takeSent()).toEqual(['OACK windowsize 4'])
    transfer.receiveAck(0, 5)
    expect(takeSent()).toEqual(['DATA 1', 'DATA 2', 'DATA 3', 'DATA 4'])
  })

  test('each repeated request brings at most two more sends', () => {
    const { transfer, takeSent } = begin(100)
    transfer.receiveSameRequest(100)
    pass(transfer, 100, 1000)
    expect(takeSent()).toHaveLength(2)
    transfer.receiveSameRequest(1000)
    transfer.receiveSameRequest(1001)
    pass(transfer, 1000, 3000)
    expect(takeSent()).toHaveLength(2)
  })
})

describe('in lock-step', () => {
  test('a duplicate ACK causes no send (the sorcerer’s apprentice)', () => {
    const { transfer, takeSent } = begin(5000)
    transfer.receiveAck(1, 1)
    takeSent()
    for (let i = 0; i < 5; i++) expect(transfer.receiveAck(1, 2)).toBe('ignored')
    expect(takeSent()).toEqual([])
  })

  test('silence brings five sends, each wait twice the last, and an end', () => {
    const { transfer, sent } = begin(5000)
    transfer.receiveAck(1, 1)
    sent.length = 0
    const atMs: number[] = []
    for (let ms = 1; ms < 10_000; ms += 10) {
      const before = sent.length
      transfer.tick(ms)
      if (sent.length > before) atMs.push(ms)
    }
    expect(atMs).toEqual([101, 301, 701, 1501])
    expect(pass(transfer, 10_000, 12_000)).toBe(false)
  })

  test('a client that asks again after we gave up sending is answered', () => {
    const { transfer, takeSent } = begin(5000)
    transfer.receiveAck(1, 1)
    pass(transfer, 1, 5000)
    takeSent()
    transfer.receiveAck(1, 5000)
    expect(takeSent()).toEqual(['DATA 2'])
  })

  test('the wait follows the round trip, and the timeout of the client is its ceiling', () => {
    const { transfer, takeSent } = begin(50_000, { timeout: '1' })
    transfer.receiveAck(0, 200)
    takeSent()
    pass(transfer, 200, 980)
    expect(takeSent()).toEqual([])
    pass(transfer, 980, 1010)
    expect(takeSent()).toEqual(['DATA 1'])
    pass(transfer, 1010, 2010)
    expect(takeSent()).toEqual(['DATA 1'])
  })

  test('ACKs of blocks that were never sent are ignored', () => {
    const { transfer, takeSent } = begin(5000)
    takeSent()
    for (const block of [2, 3, 10, 65_535]) expect(transfer.receiveAck(block, 1)).toBe('ignored')
    expect(takeSent()).toEqual([])
  })

  test('a client that stays alive for ever without an end is ended', () => {
    const { transfer } = begin(5000)
    transfer.receiveAck(1, 1)
    let ms = 1
    while (transfer.tick(ms) && ms < 3 * DEFAULT_LIMITS.lifetimeMs) {
      transfer.receiveAck(1, ms)
      ms += 1000
    }
    expect(ms).toBeLessThan(DEFAULT_LIMITS.lifetimeMs + 2000)
  })
})

describe('in windows', () => {
  test('a gap is filled from where it began, once', () => {
    const { transfer, takeSent } = begin(50_000, { windowsize: '4' })
    transfer.receiveAck(0, 1)
    takeSent()
    transfer.receiveAck(2, 2)
    expect(takeSent()).toEqual(['DATA 3', 'DATA 4', 'DATA 5', 'DATA 6'])
    transfer.receiveAck(2, 3)
    transfer.receiveAck(2, 3)
    expect(takeSent()).toEqual([])
  })

  test('a lost first block is sent again at the first duplicate ACK, not at every one', () => {
    const { transfer, takeSent } = begin(50_000, { windowsize: '2' })
    transfer.receiveAck(0, 1)
    transfer.receiveAck(2, 2)
    takeSent()
    transfer.receiveAck(2, 3)
    transfer.receiveAck(2, 3)
    expect(takeSent()).toEqual(['DATA 3', 'DATA 4'])
  })
})

/** What becomes of one packet. The seed makes the sequence, so that a failure prints as one number. */
function drawFates(seed: number, badInThousand: number): () => 'pass' | 'lose' | 'double' | 'delay' {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    const draw = (state >>> 0) % 1000
    return draw >= badInThousand ? 'pass' : (['lose', 'double', 'delay'] as const)[draw % 3]!
  }
}

/** A client as in RFC 1350 and RFC 7440 behind a bad network; returns what it has when it is done, null when it never is. */
function fetchThrough({ transfer, agreement, sent }: ReturnType<typeof begin>, drawFate: ReturnType<typeof drawFates>) {
  const blocks: Buffer[] = []
  const late: Buffer[] = []
  const state = { complete: false, served: false, nowMs: 0 }
  const acknowledge = () => {
    const fate = drawFate()
    for (let copies = fate === 'lose' ? 0 : fate === 'double' ? 2 : 1; copies > 0 && !state.served; copies--) {
      state.served = transfer.receiveAck(blocks.length & 0xffff, state.nowMs) === 'complete'
    }
  }
  const receive = (packet: Buffer) => {
    const isNext = packet[1] === 3 && packet.readUInt16BE(2) === ((blocks.length + 1) & 0xffff)
    if (isNext && !state.complete) {
      blocks.push(packet.subarray(4))
      state.complete = packet.length - 4 < agreement.blockBytes
    }
    if (packet[1] === 3 || blocks.length === 0) acknowledge()
  }
  while (!state.served) {
    const packet = sent.shift()
    if (packet !== undefined) {
      const fate = drawFate()
      if (fate === 'delay') late.push(packet)
      else if (fate !== 'lose') receive(packet)
      if (fate === 'double') receive(packet)
      continue
    }
    state.nowMs += 10
    // A client that hears nothing asks again after a second, by its last ACK or its request.
    if (state.nowMs % 1000 === 0) {
      if (blocks.length > 0) acknowledge()
      else transfer.receiveSameRequest(state.nowMs)
    }
    if (!transfer.tick(state.nowMs)) break
    for (const old of late.splice(0)) receive(old)
  }
  return state.complete ? Buffer.concat(blocks) : null
}

const seed = fc.integer({ min: 1 })

test('over networks that lose, double and reorder, the client ends with the very bytes', () => {
  const blksize = fc.integer({ min: 8, max: 2000 }).map(String)
  const windowsize = fc.integer({ min: 1, max: 40 }).map(String)
  const options = fc.record({ blksize, windowsize }, { requiredKeys: [] })
  const sizes = fc.oneof(fc.nat(6000), fc.constantFrom(0, 8, 512, 1024))
  fc.assert(
    fc.property(seed, sizes, options, (seed, size, options) => {
      const served = begin(size, options)
      expect(fetchThrough(served, drawFates(seed, 200))?.equals(served.bytes)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('and so it does when the block numbers roll over', () => {
  fc.assert(
    fc.property(seed, fc.constantFrom('1', '7', '32'), (seed, windowsize) => {
      const served = begin(8 * 65_600, { blksize: '8', windowsize })
      expect(fetchThrough(served, drawFates(seed, 2))?.equals(served.bytes)).toBe(true)
    }),
    { numRuns: 2 },
  )
})
