import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeCall } from '../../src/redirect/xml-rpc.ts'
import { decodeAnswer } from '../../src/redirect/xml-rpc-answer.ts'
import { XmlFault } from '../../src/redirect/xml-tokens.ts'
import { readCall, writeAnswer } from './fakes/xml-rpc-server.ts'

/** Text that XML can hold; a conforming reader makes line feeds of other line ends unless they are references. */
const TEXT = fc
  .string({ unit: 'grapheme' })
  .filter((text) => !/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text))
const NASTY = fc.constantFrom('<value>', ']]>', '&amp;', '&#13;', '\r\n', '<!--', '-->', '</string>', '"', "'", '%00')
const MIXED = fc.array(fc.oneof(TEXT, NASTY)).map((parts) => parts.join(''))

test('a conforming reader finds in a call what was put in', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-zA-Z]{1,8}\.[a-zA-Z]{1,20}$/),
      fc.array(fc.oneof(MIXED, fc.array(MIXED))),
      (method, parameters) => {
        expect(readCall(encodeCall(method, parameters))).toEqual({ method, parameters })
      },
    ),
  )
})

test('what XML cannot hold is refused', () => {
  for (const text of ['\u0000', 'a\u0008b', '\uD800', '\uFFFF'])
    expect(() => encodeCall('redirect.registerDevice', [text]), JSON.stringify(text)).toThrow('XML cannot')
})

test('an answer is read as it was written, in a list of lists too', () => {
  const value = fc.oneof(MIXED, fc.array(fc.oneof(MIXED, fc.array(MIXED))))
  fc.assert(
    fc.property(fc.boolean(), value, (done, given) => {
      // The writer leaves carriage returns as they are, which no reader of XML gives back; ours takes bytes as they come.
      expect(decodeAnswer(writeAnswer(done, given))).toEqual({ value: [done, given] })
    }),
  )
})

test('every type of the specification is read, and a fault is one', () => {
  const member = (name: string, inner: string) => `<member><name>${name}</name><value>${inner}</value></member>`
  const inner = [
    ...[member('a', '<int>-7</int>'), member('b', '<i4>8</i4>'), member('c', '<boolean>0</boolean>')],
    ...[
      member('d', '<double>-1.5</double>'),
      member('e', '<string/>'),
      member('f', '<dateTime.iso8601>20261122T08:24:13</dateTime.iso8601>'),
    ],
    ...[
      member('g', '<base64>AA==</base64>'),
      member('h', '<nil/>'),
      member('i', ' plain &lt;&#x41;&#66;<![CDATA[<b>&amp;]]> '),
    ],
  ].join('\n')
  const xml = `<?xml version='1.0'?>\n<!-- by hand -->\n<methodResponse>\n<params><param><value><struct>${inner}</struct></value></param></params>\n</methodResponse>\n`
  expect(decodeAnswer(xml)).toEqual({
    value: {
      ...{ a: -7, b: 8, c: false, d: -1.5, e: '', f: '20261122T08:24:13', g: 'AA==', h: null },
      i: ' plain <AB<b>&amp; ',
    },
  })
  const fault = `<methodResponse><fault><value><struct>${member('faultCode', '<int>4</int>')}${member('faultString', 'No such method')}</struct></value></fault></methodResponse>`
  expect(decodeAnswer(fault)).toEqual({ fault: { code: 4, text: 'No such method' } })
})

test('what is no answer is an XmlFault, never anything else', () => {
  const whole = writeAnswer(true, ['a & b', ['<']])
  const broken = fc.oneof(
    fc.string(),
    fc.nat({ max: whole.length - 1 }).map((at) => whole.slice(0, at)),
    fc.tuple(fc.nat({ max: whole.length - 1 }), fc.string({ minLength: 1, maxLength: 6 })).map(([at, text]) => {
      return whole.slice(0, at) + text + whole.slice(at + 1)
    }),
  )
  fc.assert(
    fc.property(broken, (xml) => {
      try {
        decodeAnswer(xml)
      } catch (error) {
        expect(error).toBeInstanceOf(XmlFault)
      }
    }),
    { numRuns: 2_000 },
  )
  for (const xml of ['', 'x', '<methodResponse/>', '<!DOCTYPE a [<!ENTITY b "c">]><methodResponse/>', '<a>&b;</a>'])
    expect(() => decodeAnswer(xml), xml).toThrow(XmlFault)
})

test('an answer that nests without end or is very long is read in time that grows with its length', () => {
  const deep = `<methodResponse><params><param>${'<value><array><data>'.repeat(50_000)}`
  expect(() => decodeAnswer(deep)).toThrow('too deep')
  const started = performance.now()
  const many = writeAnswer(true, Array<string>(50_000).fill('001565ABCDEF'))
  expect(decodeAnswer(many)).toMatchObject({ value: [true, { length: 50_000 }] })
  expect(performance.now() - started).toBeLessThan(5_000)
})
