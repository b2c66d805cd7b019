import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainAddress } from '../../src/access/networks.ts'
import { parseAllowList } from '../../src/tftp/allow-list.ts'
import { encodeNetascii } from '../../src/tftp/netascii.ts'
import { negotiate } from '../../src/tftp/options.ts'
import {
  encodeData,
  encodeError,
  encodeOptionAck,
  parseReadRequest,
  readBlock,
  readOpcode,
} from '../../src/tftp/packets.ts'
import { printPath } from '../../src/tftp/session.ts'
import { readRequest } from './raw-client.ts'

const CAPS = { blockBytes: 1468, windowBlocks: 32 }
const word = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\0', ''))

describe('requests', () => {
  test('every path, mode and option comes back as it was sent', () => {
    const option = fc.tuple(
      word.filter((name) => name !== ''),
      word,
    )
    const cases = fc.tuple(
      word,
      fc.constantFrom('octet', 'OCTET', 'netascii', 'NetASCII'),
      fc.uniqueArray(option, { maxLength: 4, selector: ([name]) => name.toLowerCase() }),
    )
    fc.assert(
      fc.property(cases, ([path, mode, options]) => {
        const packet = readRequest(path, Object.fromEntries(options), mode)
        fc.pre(packet.length <= 512)
        const parsed = parseReadRequest(packet)
        expect(parsed?.path).toBe(Buffer.from(path).toString())
        expect(parsed?.mode).toBe(mode.toLowerCase())
        for (const [name, value] of options) {
          const key = Buffer.from(name).toString().toLowerCase()
          expect(parsed?.options.get(key)).toBe(Buffer.from(value).toString())
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('no bytes whatever make the parser throw', () => {
    const bytes = fc.uint8Array({ maxLength: 600 }).map((array) => Buffer.from(array))
    const request = bytes.map((tail) => Buffer.concat([Buffer.of(0, 1), tail, Buffer.of(0)]))
    fc.assert(
      fc.property(fc.oneof(bytes, request), (packet) => {
        const parsed = parseReadRequest(packet)
        if (packet.length > 512) expect(parsed).toBeNull()
        readOpcode(packet)
        readBlock(packet)
      }),
      { numRuns: 5000 },
    )
  })

  test.each([
    ['no terminator', Buffer.from('\0\u0001file\0octet')],
    ['no mode', Buffer.from('\0\u0001file\0')],
    ['mail mode', readRequest('file', {}, 'mail')],
    ['more than 512 octets', readRequest('x'.repeat(600))],
    ['a write', Buffer.from('\0\u0002file\0octet\0')],
  ])('%s is no read request', (_, packet) => expect(parseReadRequest(packet)).toBeNull())

  test('zero padding after the mode and an option without value are overlooked', () => {
    expect(parseReadRequest(Buffer.from('\0\u0001f\0octet\0\0\0\0'))?.options.size).toBe(0)
    expect(parseReadRequest(Buffer.from('\0\u0001f\0octet\0blksize\0'))?.options.size).toBe(0)
  })

  test('of a repeated option the first one counts', () => {
    const parsed = parseReadRequest(Buffer.from('\0\u0001f\0octet\0blksize\x00600\0BLKSIZE\x00700\0'))
    expect(parsed?.options.get('blksize')).toBe('600')
  })
})

describe('answers', () => {
  test('data carries exactly the bytes of its block, and its number rolls over', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.nat(200_000), fc.nat(3000), (array, block, at) => {
        const file = Buffer.from(array)
        const to = Math.min(file.length, at + 512)
        const packet = encodeData(block, file, Math.min(at, to), to)
        expect(readOpcode(packet)).toBe(3)
        expect(readBlock(packet)).toBe(block % 65_536)
        expect(packet.subarray(4).equals(file.subarray(Math.min(at, to), to))).toBe(true)
      }),
    )
  })

  test('errors and option acknowledgements end with NUL', () => {
    expect(encodeError(1, 'File not found').toString('latin1')).toBe('\0\u0005\0\u0001File not found\0')
    expect(encodeOptionAck([['blksize', '1428']]).toString('latin1')).toBe('\0\u0006blksize\x001428\0')
  })
})

describe('options', () => {
  const settle = (options: Record<string, string>, size = 1000) =>
    negotiate(new Map(Object.entries(options)), size, CAPS)

  test('without options a transfer is RFC 1350: blocks of 512, lock-step', () =>
    expect(settle({})).toEqual({ blockBytes: 512, windowBlocks: 1, timeoutMs: null, accepted: [] }))

  test('what is asked within bounds is taken, above our caps the cap is offered', () => {
    expect(settle({ blksize: '1428', windowsize: '8', timeout: '3', tsize: '0' })).toEqual({
      blockBytes: 1428,
      windowBlocks: 8,
      timeoutMs: 3000,
      accepted: Object.entries({ blksize: '1428', windowsize: '8', timeout: '3', tsize: '1000' }),
    })
    expect(settle({ blksize: '65464', windowsize: '65535' })).toMatchObject({ blockBytes: 1468, windowBlocks: 32 })
  })

  test.each<Record<string, string>>([
    { blksize: '7' },
    { blksize: '65465' },
    { blksize: '-8' },
    { blksize: '1e3' },
    { blksize: '0x200' },
    { blksize: '' },
    { windowsize: '0' },
    { windowsize: '65536' },
    { timeout: '0' },
    { timeout: '256' },
    { tsize: 'x' },
    { multicast: '' },
    { blksize: '9'.repeat(400) },
  ])('%o is left out of the answer', (options) => expect(settle(options).accepted).toEqual([]))

  test('an empty file has no tsize, which curl would take for an error', () =>
    expect(settle({ tsize: '0', blksize: '512' }, 0).accepted).toEqual([['blksize', '512']]))
})

test('netascii undone gives the very bytes again', () => {
  const line = fc.constantFrom('\r', '\n', '\r\n', '\0', 'a', 'ü')
  fc.assert(
    fc.property(fc.array(line), (parts) => {
      const bytes = Buffer.from(parts.join(''))
      const encoded = encodeNetascii(bytes).toString('latin1')
      expect(encoded).not.toMatch(/\r[^\n\0]|\r$|(?<!\r)\n/)
      const decoded = encoded.replaceAll(/\r([\n\0])/g, (_, next) => (next === '\n' ? '\n' : '\r'))
      expect(decoded).toBe(bytes.toString('latin1'))
    }),
  )
})

describe('allowed networks', () => {
  const allowed = parseAllowList(['10.1.0.0/16', '192.0.2.7', 'fd00::/8', '2001:db8::1'])

  test.each(['10.1.0.0', '10.1.255.255', '192.0.2.7', 'fd12::1', '2001:db8::1'])('%s is in', (address) =>
    expect(allowed(address)).toBe(true),
  )
  test.each(['10.2.0.0', '192.0.2.8', 'fe80::1', '2001:db8::2', '::1', '127.0.0.1'])('%s is out', (address) =>
    expect(allowed(address)).toBe(false),
  )
  test.each([[[]], [['']], [['10.0.0.0/33']], [['10.0.0.0/8/8']], [['10.0.0.0/-1']], [['fd00::/129']], [['here']]])(
    '%j is refused',
    (networks) => expect(() => parseAllowList(networks)).toThrow(expect.objectContaining({ code: 'config-invalid' })),
  )
  test('an address is compared without zone, and as IPv4 when it is one', () => {
    expect(plainAddress('::ffff:10.1.2.3')).toBe('10.1.2.3')
    expect(plainAddress('fe80::1%eth0')).toBe('fe80::1')
  })
})

describe('a path in the log', () => {
  test('is one line of visible ASCII, whatever the phone sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (path) => {
        expect(printPath(path)).toMatch(/^[!-~]*$/)
        expect(printPath(path).length).toBeLessThan(800)
      }),
    )
  })
  test('shows no device token', () => expect(printPath('AAAAAAAAAAAAAAAAAAAAAA/y000.cfg')).toBe('***/y000.cfg'))
})
