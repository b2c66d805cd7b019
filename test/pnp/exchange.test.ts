import { beforeAll, expect, test } from 'vitest'
import { playScene } from '../tftp/namespace.ts'
import { QUESTIONS } from './messages.ts'
import type { ExchangeReport } from './scenes/exchange.ts'

let report: ExchangeReport

// Multicast never leaves the namespace that the scene runs in.
beforeAll(async () => {
  report = await playScene<ExchangeReport>(new URL('scenes/exchange.ts', import.meta.url), '', {})
}, 60_000)

function header(text: string, name: string): string {
  return new RegExp(`^${name}: (.*)\r$`, 'm').exec(text)?.[1] ?? ''
}

test.each(QUESTIONS)('a phone of $name is told its address in a NOTIFY of the same dialog', ({ name, mac, text }) => {
  const [ok, notify, ...more] = report.told[name]!.map((heard) => heard.text)
  expect(more).toEqual([])
  expect(ok).toMatch(/^SIP\/2\.0 200 OK\r\n/)
  for (const same of ['Call-ID', 'CSeq', 'From'])
    expect(header(ok!, same)).toBe(header(text.replace('3c26700c1adb', name), same))
  const tag = /;tag=([0-9a-f]{16})$/.exec(header(ok!, 'To'))?.[1]
  expect(tag).toBeDefined()
  expect(notify).toMatch(/^NOTIFY sips?:[^\r]* SIP\/2\.0\r\n/)
  expect(header(notify!, 'From')).toBe(header(ok!, 'To'))
  expect(header(notify!, 'To')).toBe(header(ok!, 'From'))
  expect(header(notify!, 'Call-ID')).toBe(header(ok!, 'Call-ID'))
  expect(header(notify!, 'Event')).toBe(header(text, 'Event'))
  expect(header(notify!, 'Subscription-State')).toBe('terminated;reason=timeout')
  expect(header(notify!, 'Content-Type')).toBe('application/url')
  const body = notify!.split('\r\n\r\n')[1]
  expect(body).toBe(`http://192.0.2.1:8081/${mac}`)
  expect(header(notify!, 'Content-Length')).toBe(String(body!.length))
})

test('answers leave from one port, and rport is answered where it was asked for', () => {
  const [ok, notify] = report.told['Yealink']!
  expect([ok!.port, notify!.port]).toEqual([report.server.port, report.server.port])
  expect(header(ok!.text, 'Via')).toContain(`;rport=${report.phonePort};received=127.0.0.1`)
  expect(header(report.told['Htek']![0]!.text, 'Via')).not.toContain('rport')
})

test('a NOTIFY that no phone answers is sent four times, then forgotten', () => {
  const [ok, ...notifies] = report.unanswered.map(({ text }) => text)
  expect(ok).toMatch(/^SIP\/2\.0 200/)
  expect(notifies).toHaveLength(4)
  expect(new Set(notifies).size).toBe(1)
  expect(report.pendingAtEnd).toBe(0)
})

test('asking again gets the same 200 and no second dialog', () => {
  expect(report.again.pending).toBe(1)
  expect(report.again.heard.filter(({ text }) => text.startsWith('SIP/2.0 200'))).toHaveLength(1)
})

test('nothing is sent to an address that only the packet names', () => {
  expect(report.rerouted.bystander).toEqual([])
  expect(report.rerouted.sourceAgain.map(({ text }) => text.split(' ')[0])).toEqual(['SIP/2.0', 'NOTIFY'])
})

test('each question that is answered is heard of once, however often it is sent', () => {
  const sent = QUESTIONS.map(({ mac, claim }) => ({ mac, source: '127.0.0.1', ...claim }))
  expect(report.heardOf).toEqual([...sent, ...Array.from({ length: 3 }, () => sent[0])])
})

test('an unknown phone hears nothing and is told of once', () => {
  expect(report.unknown.heard).toEqual([])
  expect(report.unknown.strangers).toEqual([
    { mac: '001565000001', source: '127.0.0.1', vendor: 'Yealink', model: 'T46U', version: '108.86.0.20' },
  ])
})

test('a source that asks without end is answered a few times, and others go on being answered', () => {
  expect(report.flood.asked).toBe(200)
  expect(report.flood.answered).toBeGreaterThanOrEqual(8)
  expect(report.flood.answered).toBeLessThan(20)
  expect(report.flood.otherSource).toBeGreaterThanOrEqual(2)
})
