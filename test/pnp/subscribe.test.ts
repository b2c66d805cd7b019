import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseMessage } from '../../src/pnp/message.ts'
import { readSubscribe } from '../../src/pnp/subscribe.ts'
import { countRuns } from '../support/runs.ts'
import { QUESTIONS, toMessage, writeQuestion } from './messages.ts'

function read(text: string) {
  const message = parseMessage(Buffer.from(text, 'latin1'))
  return message && readSubscribe(message)
}

test.each(QUESTIONS)('a phone of $name says which it is', ({ text, mac, claim }) => {
  expect(read(text)).toMatchObject({ mac, claim })
})

test('names of headers may be short, in any case, and their lines folded', () => {
  const text = toMessage([
    'SUBSCRIBE sip:MAC%3a001565abcdef@224.0.1.75 SIP/2.0',
    'v: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1',
    'F : "Phone, \\"new\\"" <sip:MAC%3a001565abcdef@224.0.1.75>',
    ' ;tag=1',
    't: sip:MAC%3a001565abcdef@224.0.1.75',
    'I: 1',
    'cseq: 7 SUBSCRIBE',
    'O: ua-profile',
  ])
  expect(read(text)).toMatchObject({
    mac: '001565abcdef',
    via: { port: 5060, hasRport: false },
    claim: { vendor: null, model: null, version: null },
    contact: null,
    expires: 0,
  })
})

const GOOD = QUESTIONS[0]!.text
const SPOILT: Record<string, string> = {
  'another method': GOOD.replace('SUBSCRIBE sip:', 'REGISTER sip:').replace('1 SUBSCRIBE', '1 REGISTER'),
  'another event': GOOD.replace('ua-profile', 'presence'),
  'no event': GOOD.replace(/Event:.*\r\n/, ''),
  'two events': GOOD.replace(/(Event:.*\r\n)/, '$1$1'),
  'a Via of many': GOOD.replace(/(Via:.*)\r\n/, '$1, SIP/2.0/UDP 192.0.2.1\r\n'),
  'another transport': GOOD.replace('/UDP', '/TCP'),
  'a port that there is not': GOOD.replace('127.0.0.1:5060;branch', '127.0.0.1:70000;branch'),
  'no tag': GOOD.replace(';tag=1620015', ''),
  'a dialog that nobody opened': GOOD.replace(/(To:.*)\r\n/, '$1;tag=2\r\n'),
  'a CSeq of another method': GOOD.replace('1 SUBSCRIBE\r', '1 NOTIFY\r'),
  'no MAC address': GOOD.replaceAll('MAC%3a001565abcdef', 'phone'),
  'two MAC addresses': GOOD.replace('To: <sip:MAC%3a001565abcdef', 'To: <sip:MAC%3a001565abcdee'),
  'a group address': GOOD.replaceAll('001565abcdef', '011565abcdef'),
  'bare line feeds': GOOD.replaceAll('\r\n', '\n'),
  'a stray carriage return': GOOD.replace('1620015', '16\r20015'),
  'a null byte': GOOD.replace('T46U', 'T46\0U'),
  'no end': GOOD.slice(0, -2),
  'too much of it': GOOD.replace('Max-Forwards: 70', `X: ${'x'.repeat(4096)}`),
  'too many headers': GOOD.replace('Max-Forwards: 70', 'X: y\r\n'.repeat(70).trimEnd()),
  'a keep-alive': '\r\n\r\n',
  nothing: '',
}

test.each(Object.entries(SPOILT))('%s is no question', (_, text) => {
  expect(text).not.toBe(GOOD)
  expect(read(text)).toBeNull()
})

test('whatever is read, no line end is in it, and its MAC address was in the packet', () => {
  const pieces = fc.constantFrom(
    '\r\n',
    '\n',
    '\r',
    ' ',
    ';',
    ',',
    '<',
    '>',
    '"',
    '\\',
    ':',
    '@',
    '=',
    '%3a',
    'tag',
    '\0',
  )
  const spoil = fc.record({
    at: fc.nat(GOOD.length),
    cut: fc.nat(12),
    piece: fc.oneof(pieces, fc.string({ maxLength: 8 })),
  })
  fc.assert(
    fc.property(fc.array(spoil, { minLength: 1, maxLength: 4 }), (changes) => {
      const text = changes.reduce((all, { at, cut, piece }) => all.slice(0, at) + piece + all.slice(at + cut), GOOD)
      const found = read(text)
      if (!found) return
      const echoed = [
        found.via.text,
        found.from,
        found.to,
        found.callId,
        found.cseq,
        found.event,
        found.contact?.uri ?? '',
      ]
      expect(echoed.join('')).not.toMatch(/[\r\n\0]/)
      expect(text.toLowerCase().replaceAll(/[:-]/g, '')).toContain(found.mac)
    }),
    { numRuns: countRuns(3000, 300_000) },
  )
})

test('long runs of blanks, quotes and semicolons take no time', () => {
  for (const piece of [' ', ';', '"', '\\"', '; ', ' =', '<', '\t'])
    for (const header of ['From', 'Via', 'Event', 'Contact', 'X']) {
      const text = GOOD.replace(new RegExp(`${header}: `), `${header}: ${piece.repeat(Math.floor(480 / piece.length))}`)
      const began = performance.now()
      read(text.replace('Max-Forwards: 70', `Max-Forwards: ${piece.repeat(Math.floor(2500 / piece.length))}`))
      expect(performance.now() - began, `${header} ${piece}`).toBeLessThan(2_000)
    }
})

test('the port of the Contact is read where the Contact is an address', () => {
  const ask = (contact: string) => read(writeQuestion({ user: 'MAC%3a001565abcdef', event: 'ua-profile', contact }))
  expect(ask('<sip:192.0.2.7:5062;transport=udp>;expires=0')?.contact).toMatchObject({ host: '192.0.2.7', port: 5062 })
  expect(ask('sip:192.0.2.7')?.contact).toMatchObject({ port: 5060 })
  expect(ask('<sip:phone.example.org:5062>')?.contact).toBeNull()
  expect(ask('*')?.contact).toBeNull()
})
