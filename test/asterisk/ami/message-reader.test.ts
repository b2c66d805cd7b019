import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MessageReader } from '../../../src/asterisk/ami/message-reader.ts'
import { BANNER, block } from './fake-asterisk.ts'

function read(...chunks: (string | Buffer)[]) {
  const reader = new MessageReader()
  const messages = [BANNER, ...chunks].flatMap((chunk) => reader.push(Buffer.from(chunk)))
  return messages.map((message) => message.headers)
}

describe('the message reader', () => {
  it('takes the first line for the banner though no empty line follows it', () => {
    const reader = new MessageReader()
    reader.push(Buffer.from(BANNER + block('Event: A')))
    expect(reader.banner).toBe('Asterisk Call Manager/11.0.0')
  })

  it('keeps repeated headers, empty values, colons and blanks inside values', () => {
    expect(read(block('Output: a: b', 'Output:  c ', 'Empty:', 'Bare:x'))).toEqual([
      [
        ['output', 'a: b'],
        ['output', ' c '],
        ['empty', ''],
        ['bare', 'x'],
      ],
    ])
  })

  it('sees one message when a Message ends in a newline of its own', () => {
    expect(read('Response: Success\r\nMessage: done\n\r\n\r\n', '\r\n', block('Event: Next'))).toEqual([
      [
        ['response', 'Success'],
        ['message', 'done'],
      ],
      [['event', 'Next']],
    ])
    expect(read('Response: Success\r\nMessage: done\r\n\r\n\r\n', block('Event: Next'))).toHaveLength(2)
  })

  it('reads the same however the bytes are split, also inside a character', () => {
    const text =
      block('Event: Grüße', 'Name: Zoë 😀') + block('Event: Second', 'Key: 日本') + block('Response: Success')
    const bytes = Buffer.from(text)
    const whole = read(text)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 30 }), (cuts) => {
        const points = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        expect(read(...points.slice(1).map((end, index) => bytes.subarray(points[index], end)))).toEqual(whole)
      }),
      { numRuns: 500 },
    )
  })

  it('survives any bytes: it returns messages or gives up with a named error', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
        const reader = new MessageReader()
        for (const chunk of chunks) reader.push(Buffer.from(chunk))
      }),
      { numRuns: 2_000 },
    )
  })

  it('gives up on a line or a message that has no end', () => {
    const overlong = expect.objectContaining({ code: 'ami-unreachable' }) as Error
    expect(() => read('x'.repeat(70_000))).toThrow(overlong)
    expect(() => read(`Key: ${'x'.repeat(70_000)}\r\n`)).toThrow(overlong)
    expect(() => read(`Key: ${'x'.repeat(1_000)}\r\n`.repeat(2_000))).toThrow(overlong)
  })
})
