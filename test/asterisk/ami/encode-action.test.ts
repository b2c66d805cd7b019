import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeAction, isUnsafe } from '../../../src/asterisk/ami/encode-action.ts'
import { AppError } from '../../../src/model/app-error.ts'

const RUNS = process.env['OFFHOOK_SOAK'] ? 100_000 : 5_000

const HOSTILE = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  '\u007f',
  '\u0085',
  '\u2028',
  ': ',
  'Action: Originate',
  '\r\n\r\n',
  '😀',
  '\ud800',
]

const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }), fc.string()), { maxLength: 6 })
  .map((parts) => parts.join(''))

const headers = fc.array(
  fc.tuple(fc.oneof(fc.constantFrom('Variable', 'Endpoint', 'Value-000000'), hostileText), hostileText),
  {
    maxLength: 8,
  },
)

describe('an encoded action', () => {
  it('keeps repeated headers in their order', () => {
    const text = encodeAction('PJSIPNotify', 'x-1', [
      ['Variable', 'Event=check-sync'],
      ['Endpoint', '1001-acme'],
      ['Variable', 'Content=Zoë'],
    ])
    expect(text).toBe(
      'Action: PJSIPNotify\r\nActionID: x-1\r\nVariable: Event=check-sync\r\nEndpoint: 1001-acme\r\nVariable: Content=Zoë\r\n\r\n',
    )
  })

  it.each([
    ['a bare line feed', 'hello\n\nAction: Reload\nModule: res_pjsip.so\n'],
    ['CRLF', 'a\r\nAction: Originate'],
    ['NUL', 'a\0b'],
    ['DEL', 'a\u007fb'],
    ['a tab', 'a\tb'],
    ['half a surrogate pair', 'a\ud800'],
    ['more than a line of Asterisk holds', 'x'.repeat(1001)],
  ])('is refused for a value with %s, which the error does not repeat', (_, value) => {
    const encode = () => encodeAction('Ping', 'x-1', [['Canary', value]])
    expect(encode).toThrow(expect.objectContaining({ code: 'ami-value-unsafe' }))
    expect(encode).not.toThrow(/Reload|Originate|xxxx/)
  })

  it.each(['', 'A:B', 'A B', 'A\n', 'Ä'])('is refused for the header name %j', (name) => {
    expect(() => encodeAction('Ping', 'x-1', [[name, 'v']])).toThrow(AppError)
  })

  it('is refused with more headers than Asterisk keeps', () => {
    const many = Array.from({ length: 121 }, () => ['Variable', 'a=b'] as const)
    expect(() => encodeAction('Ping', 'x-1', many)).toThrow(expect.objectContaining({ code: 'ami-value-unsafe' }))
  })

  it('holds exactly the expected line ends, whatever the values', () => {
    let encoded = 0
    fc.assert(
      fc.property(headers, hostileText, (pairs, id) => {
        const clean = [id, ...pairs.map(([, value]) => value)].every((text) => !isUnsafe(text))
        let text: string
        try {
          text = encodeAction('PJSIPNotify', id, pairs)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ami-value-unsafe' })
          return
        }
        encoded++
        expect(clean).toBe(true)
        const bytes = Buffer.from(text)
        const count = (byte: number) => bytes.filter((other) => other === byte).length
        expect([count(0x0d), count(0x0a)]).toEqual([pairs.length + 3, pairs.length + 3])
        expect(text.split('\r\n').slice(2, -2)).toEqual(pairs.map(([name, value]) => `${name}: ${value}`))
      }),
      { numRuns: RUNS },
    )
    expect(encoded).toBeGreaterThan(RUNS / 20)
  })
})
