import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { formatAddress, parseAddress, parseParameters } from './sip/address.ts'
import { answerChallenge, chooseChallenge, digestResponse, parseChallenge, verifyAnswer } from './sip/digest.ts'
import { digitPackets, parseDigit } from './sip/digits.ts'
import { parseDialogState } from './sip/lamp.ts'
import { parseMessageSummary } from './sip/mailbox-watch.ts'
import { Headers, parseMessage, serialiseMessage, splitList, type SipMessage } from './sip/message.ts'
import { SipPhone } from './sip/phone.ts'
import { formatSdp, parseSdp } from './sip/sdp.ts'
import { MessageCutter } from './sip/stream-transport.ts'
import { decodeUlaw, encodeUlaw, isTone, sine, slideInto, strongestTone, toneShare } from './sip/tone.ts'

const name = fc.stringMatching(/^X-[A-Za-z][A-Za-z-]{0,12}$/)
const value = fc.stringMatching(/^(?:[\x21-\x7eäß€](?:[\x20-\x7eäß€]{0,30}[\x21-\x7eäß€])?)?$/)
const headers = fc.array(fc.tuple(name, value), { maxLength: 8 }).map((entries) => new Headers(entries))
const request = fc.record({
  kind: fc.constant('request' as const),
  method: fc.constantFrom('INVITE', 'REGISTER', 'NOTIFY'),
  uri: fc.constantFrom('sip:1001@127.0.0.1:5060', 'sip:%231@example.test;transport=tcp'),
  headers,
  body: fc.string({ unit: 'grapheme', maxLength: 60 }),
})
const response = fc.record({
  kind: fc.constant('response' as const),
  status: fc.integer({ min: 100, max: 699 }),
  reason: fc.stringMatching(/^[A-Za-z][A-Za-z ]{0,20}$/),
  headers,
  body: fc.string({ unit: 'grapheme', maxLength: 60 }),
})
const message: fc.Arbitrary<SipMessage> = fc.oneof(request, response)

function plain(parsed: SipMessage): object {
  const kept = [...parsed.headers].filter(([header]) => header !== 'Content-Length')
  return { ...parsed, headers: kept }
}

describe('SIP messages', () => {
  test('survive the way over the wire', () => {
    fc.assert(
      fc.property(message, (sent) => {
        expect(plain(parseMessage(serialiseMessage(sent)))).toEqual(plain(sent))
      }),
    )
  })

  test('are cut out of a byte stream however it is chopped', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), fc.integer({ min: 1, max: 50 }), (sent, step) => {
        const stream = Buffer.concat(sent.flatMap((one) => [Buffer.from('\r\n\r\n'), serialiseMessage(one)]))
        const cutter = new MessageCutter()
        const cut: Buffer[] = []
        for (let at = 0; at < stream.length; at += step) cut.push(...cutter.push(stream.subarray(at, at + step)))
        expect(cut.map((one) => plain(parseMessage(one)))).toEqual(sent.map(plain))
      }),
    )
  })

  test('arbitrary bytes are either a message or an error, never a hang', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => parseMessage(Buffer.from(bytes))).toThrow()
      }),
    )
  })

  test('no line break can be smuggled into a header', () => {
    const headersWithBreak = new Headers([['Subject', 'a\r\nVia: b']])
    const sent: SipMessage = { kind: 'response', status: 200, reason: 'OK', headers: headersWithBreak, body: '' }
    expect(() => serialiseMessage(sent)).toThrow('line break')
  })

  test('compact names, folded lines and lists read like their long forms', () => {
    const text =
      'NOTIFY sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z\r\nf: "A, B"\r\n <sip:a@b>;tag=1\r\nm: <sip:a,b@h>, <sip:c@h>\r\nl: 2\r\n\r\nhixx'
    const parsed = parseMessage(Buffer.from(text))
    expect(parsed.headers.get('From')).toBe('"A, B" <sip:a@b>;tag=1')
    expect(parsed.headers.list('contact')).toEqual(['<sip:a,b@h>', '<sip:c@h>'])
    expect(parsed.body).toBe('hi')
  })

  test('a list splits only outside of quotes and angle brackets', () => {
    expect(splitList('"a,\\"b" <sip:x,y@z>, <sip:q@r>;p="1,2"')).toEqual(['"a,\\"b" <sip:x,y@z>', '<sip:q@r>;p="1,2"'])
  })

  test('any display name survives quoting', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (displayName) => {
        const address = parseAddress(formatAddress(displayName, 'sip:1001@example.test', 'abc'))
        expect(address).toMatchObject({ displayName, uri: 'sip:1001@example.test' })
        expect(address.parameters.get('tag')).toBe('abc')
      }),
    )
  })

  test('flags and quoted parameters are told apart', () => {
    expect([...parseParameters(';rport;branch="a;b";x=1')]).toEqual([['rport', ''], ['branch', 'a;b'], ['x', '1']]) // prettier-ignore
  })
})

describe('digest authentication', () => {
  test('matches the example of RFC 2617 §3.5', () => {
    const protection = { qop: 'auth', cnonce: '0a4f113b', count: '00000001' }
    const nonce = 'dcd98b7102dd2f0e8b11d0f600bfb0c093'
    const account = { user: 'Mufasa', realm: 'testrealm@host.com', password: 'Circle Of Life' }
    const input = { ...account, algorithm: 'MD5', nonce, method: 'GET', uri: '/dir/index.html', protection }
    expect(digestResponse(input)).toBe('6629fae49393a05397450978507c4ef1')
  })

  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('matches the %s example of RFC 7616 §3.9.1', (algorithm, expected) => {
    const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'
    const input = {
      algorithm,
      user: 'Mufasa',
      realm: 'http-auth@example.org',
      password: 'Circle of Life',
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      method: 'GET',
      uri: '/dir/index.html',
      protection: { qop: 'auth', cnonce, count: '00000001' },
    }
    expect(digestResponse(input)).toBe(expected)
  })

  test('answers the first known challenge, or the one that was asked for', () => {
    const offers = ['AKAv1-MD5', 'SHA-256', 'MD5'].map((name) => `Digest realm="r, \\"s\\"", nonce="n", algorithm=${name}, qop="auth"`) // prettier-ignore
    expect(chooseChallenge(offers)?.algorithm).toBe('SHA-256')
    expect(chooseChallenge(offers, 'MD5')).toMatchObject({ algorithm: 'MD5', realm: 'r, "s"' })
    expect(chooseChallenge(offers, 'SHA-512-256')).toBeUndefined()
  })

  test.each(['MD5', 'SHA-256', 'SHA-512-256'])('a %s answer is accepted with the right password only', (algorithm) => {
    const challenge = parseChallenge(`Digest realm="offhook",nonce="abc",algorithm=${algorithm},qop="auth,auth-int"`)
    const answer = answerChallenge(challenge, { user: '1001', password: 'right' }, 'NOTIFY', 'sip:1001@h')
    expect(verifyAnswer(answer, { user: '1001', password: 'right' }, 'NOTIFY', 'abc')).toBe(true)
    expect(verifyAnswer(answer, { user: '1001', password: 'wrong' }, 'NOTIFY', 'abc')).toBe(false)
    expect(verifyAnswer(answer, { user: '1001', password: 'right' }, 'NOTIFY', 'old')).toBe(false)
  })
})

describe('audio', () => {
  test('µ-law keeps every code and loses at most its own step', () => {
    for (let octet = 0; octet < 256; octet += 1) {
      expect(decodeUlaw(encodeUlaw(decodeUlaw(octet)))).toBe(decodeUlaw(octet))
    }
    fc.assert(
      fc.property(fc.integer({ min: -32_000, max: 32_000 }), (sample) => {
        expect(Math.abs(decodeUlaw(encodeUlaw(sample)) - sample)).toBeLessThan(Math.max(8, Math.abs(sample) / 16))
      }),
    )
  })

  test('a tone is recognised as itself and as nothing else', () => {
    const window = new Int16Array(800)
    slideInto(window, sine(440, 0, 800))
    expect(isTone(window, 440)).toBe(true)
    expect(toneShare(window, 440)).toBeGreaterThan(0.98)
    expect(isTone(window, 660)).toBe(false)
    expect(strongestTone(window)).toBe(440)
    slideInto(window, sine(undefined, 0, 800))
    expect(isTone(window, 440)).toBe(false)
    expect(strongestTone(window)).toBeUndefined()
  })

  test('every key becomes one event of growing length with its end said three times', () => {
    for (const key of '0123456789*#ABCD') {
      const events = digitPackets(key, 160).flatMap(({ event }) => event ?? [])
      expect(events.map(parseDigit)).toEqual(Array(8).fill(key))
      expect(events.filter((event) => event[1]! & 0x80)).toHaveLength(3)
      expect(events.map((event) => event.readUInt16BE(2))).toEqual([160, 320, 480, 640, 800, 800, 800, 800])
    }
    expect(() => digitPackets('x', 160)).toThrow('no telephone key')
  })

  test('SDP reads back as written and refuses what these agents cannot play', () => {
    const audio = { host: '127.0.0.1', port: 20_000, digitsPayload: 96, direction: 'sendonly' } as const
    expect(parseSdp(formatSdp(audio))).toEqual(audio)
    expect(() => parseSdp('v=0\r\nm=audio 9 RTP/AVP 8\r\nc=IN IP4 127.0.0.1\r\n')).toThrow('without PCMU')
    expect(() => parseSdp('v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n')).toThrow('without plain RTP audio')
  })
})

describe('event bodies', () => {
  const document = (states: string[]): string =>
    `<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full" entity="sip:1@h">${states
      .map((state) => `<dialog id="1"><state>${state}</state></dialog>`)
      .join('')}</dialog-info>`

  test('a lamp shows the weightiest dialog', () => {
    expect(parseDialogState(document([]))).toBe('terminated')
    expect(parseDialogState(document(['terminated', 'early']))).toBe('early')
    expect(parseDialogState(document(['early', 'confirmed']))).toBe('confirmed')
    expect(() => parseDialogState(document(['sleepy']))).toThrow('unknown dialog state')
    expect(() => parseDialogState('<presence/>')).toThrow('not a dialog-info document')
  })

  test('a message summary tells new from old', () => {
    const body = 'Messages-Waiting: yes\r\nMessage-Account: sip:1001@h\r\nVoice-Message: 2/5 (0/0)\r\n'
    expect(parseMessageSummary(body)).toEqual({ waiting: true, newMessages: 2, oldMessages: 5, account: 'sip:1001@h' })
    expect(() => parseMessageSummary('hello')).toThrow('not a message summary')
  })
})

describe('two phones on one cable', () => {
  const phones: SipPhone[] = []

  async function open(user: string, timers?: { t1Ms: number; t2Ms: number; giveUpMs: number }): Promise<SipPhone> {
    const options = { host: '127.0.0.1', port: 9, user, password: 'unused', displayName: `Phone "${user}"` }
    const phone = await SipPhone.open(timers ? { ...options, timers } : options)
    phones.push(phone)
    return phone
  }

  afterEach(async () => {
    await Promise.all(phones.splice(0).map((phone) => phone.close()))
  })

  test('hear each other, send digits and hang up', async () => {
    const [alice, bob] = [await open('alice'), await open('bob')]
    const call = await alice.call(bob.contact, { tone: 440 })
    const incoming = await bob.nextCall()
    expect(incoming.callerNumber).toBe('alice')
    expect(incoming.caller.displayName).toBe('Phone "alice"')
    incoming.ring()
    await call.ringing()
    expect(call.status).toBe(180)
    await Promise.all([incoming.answer({ tone: 880 }), call.answered()])
    await Promise.all([call.waitForTone(880), incoming.waitForTone(440)])
    await call.sendDigits('1234#')
    await incoming.media.waitForDigits('1234#')
    await incoming.waitForTone(440)
    await call.hangUp()
    expect(await incoming.ended()).toMatchObject({ by: 'them', status: 200 })
    expect(call.media.packetsReceived).toBeGreaterThan(10)
  })

  test('the callee may hang up', async () => {
    const [alice, bob] = [await open('alice'), await open('bob')]
    const call = await alice.call(bob.contact)
    const incoming = await (await bob.nextCall()).answer()
    await call.answered()
    await incoming.hangUp()
    expect(await call.ended()).toMatchObject({ by: 'them' })
  })

  test.each([486, 603, 480])('a refusal with %i reaches the caller', async (status) => {
    const [alice, bob] = [await open('alice'), await open('bob')]
    bob.onCall = (call) => call.reject(status)
    const call = await alice.call(bob.contact)
    await expect(call.answered()).rejects.toMatchObject({ status, method: expect.stringContaining('INVITE') as string })
    expect(await call.ended()).toMatchObject({ by: 'them', status })
  })

  test('a caller who gives up while it rings ends the ringing', async () => {
    const [alice, bob] = [await open('alice'), await open('bob')]
    const call = await alice.call(bob.contact)
    const incoming = (await bob.nextCall()).ring()
    await call.ringing()
    await call.hangUp()
    expect(await incoming.ended()).toMatchObject({ by: 'them', status: 487 })
    expect(await call.ended()).toMatchObject({ by: 'us', status: 487 })
  })

  test('an answer that nobody gives is an error that names what was expected', async () => {
    const [alice, bob] = [await open('alice'), await open('bob')]
    const call = await alice.call(bob.contact)
    ;(await bob.nextCall()).ring()
    await expect(call.answered(200)).rejects.toThrow(/expected sip:bob@.* to answer within 200 ms; it is ringing/)
    await expect(alice.nextCall(50)).rejects.toThrow('expected an incoming call within 50 ms')
    await call.hangUp()
  })

  test('a stray datagram is dropped and remembered', async () => {
    const [alice, bob] = [await open('alice'), await open('bob')]
    const { transport, malformed } = bob.line.agent.transactions
    alice.line.agent.transactions.transport.send(Buffer.from('not for you at all'), transport.local)
    const call = await alice.call(bob.contact)
    ;(await bob.nextCall()).reject()
    await call.ended()
    expect(malformed).toHaveLength(1)
  })

  test('silence from the far end is repeated into and then given up', async () => {
    const alice = await open('alice', { t1Ms: 20, t2Ms: 100, giveUpMs: 600 })
    await expect(alice.register()).rejects.toThrow(/no answer to REGISTER sip:127.0.0.1:9 .* within 600 ms/)
    expect(alice.line.agent.transactions.retransmissions).toBeGreaterThan(4)
  })
})
