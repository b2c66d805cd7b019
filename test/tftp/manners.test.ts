import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { startTftpServer } from '../../src/tftp/server.ts'
import { ack, describePacket, RawClient, readRequest } from './raw-client.ts'
import { eventually, serveFiles, type TestServer } from './test-server.ts'

const TOKEN = 'A_b-C0123456789abcdefg'
const NOT_FOUND = 'ERROR 1 File not found'

const files = { 'phone.cfg': Buffer.alloc(1300, 'x'), short: Buffer.from('hello') }
const closing: (() => Promise<void>)[] = []

async function open(options?: Parameters<typeof serveFiles>[1]): Promise<TestServer> {
  const server = await serveFiles(files, options)
  closing.push(() => server.close())
  return server
}

async function connect(address?: string): Promise<RawClient> {
  const client = await RawClient.open(address)
  closing.push(() => client.close())
  return client
}

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

describe('who is answered', () => {
  test('a source outside the allowed networks hears nothing, whatever it sends', async () => {
    const server = await open({ allow: ['192.0.2.0/24'] })
    const stranger = await connect()
    const packets = [readRequest('short'), readRequest('none'), Buffer.of(0, 2, 0), ack(1), Buffer.of(9, 9, 9)]
    for (const packet of packets) await stranger.send(packet, server.port)
    expect(await stranger.next(700)).toBeNull()
    expect(server.requests).toEqual([])
  })

  test('of two hosts only the one in an allowed network is answered, at transfer ports too', async () => {
    const server = await open({ allow: ['127.0.0.1'] })
    const phone = await connect('127.0.0.1')
    const stranger = await connect('127.0.0.2')
    await phone.send(readRequest('phone.cfg'), server.port)
    const { port } = (await phone.next())!
    await stranger.send(readRequest('phone.cfg'), server.port)
    await stranger.send(ack(1), port)
    expect(await stranger.next(500)).toBeNull()
  })

  test('an IPv4 phone is known by its IPv4 address on a dual-stack port, an IPv6 phone by its own', async () => {
    const server = await open({ address: '::', allow: ['127.0.0.0/8', '::1'] })
    const four = await connect('127.0.0.1')
    const six = await connect('::1')
    await four.send(readRequest('short'), server.port)
    await six.send(readRequest('short'), server.port, '::1')
    expect(describePacket((await four.next())?.packet)).toBe('DATA 1')
    expect(describePacket((await six.next())?.packet)).toBe('DATA 1')
    expect(server.requests.map(({ address }) => address).sort()).toEqual(['127.0.0.1', '::1'])
  })
})

describe('what is answered', () => {
  test.each([
    ['a write', Buffer.from('\0\u0002short\0octet\0'), 'ERROR 2 Access violation'],
    ['an unknown mode', readRequest('short', {}, 'mail'), 'ERROR 4 Illegal TFTP operation'],
    ['a request cut short', Buffer.from('\0\u0001short'), 'ERROR 4 Illegal TFTP operation'],
    ['a request of 60,000 bytes', readRequest('x'.repeat(60_000)), 'ERROR 4 Illegal TFTP operation'],
    ['an unknown opcode', Buffer.of(0, 99, 1, 2), 'ERROR 4 Illegal TFTP operation'],
    ['an ACK out of nowhere', ack(1), 'ERROR 4 Illegal TFTP operation'],
    ['a file that is not there', readRequest('none'), NOT_FOUND],
  ])('%s: %s', async (_, packet, expected) => {
    const server = await open()
    const client = await connect()
    await client.send(packet, server.port)
    expect(describePacket((await client.next())?.packet)).toBe(expected)
  })

  test('errors, empty datagrams and single bytes are met with silence', async () => {
    const server = await open()
    const client = await connect()
    for (const packet of [Buffer.from('\0\u0005\0\u0001x\0'), Buffer.alloc(0), Buffer.of(1)]) {
      await client.send(packet, server.port)
    }
    expect(await client.next(300)).toBeNull()
  })

  test('a token before the file is taken apart and shown in no line', async () => {
    const server = await open()
    const client = await connect()
    await client.send(readRequest(`${TOKEN}/short`), server.port)
    const data = (await client.next())!
    await client.send(ack(1), data.port)
    expect(data.packet.subarray(4).toString()).toBe('hello')
    expect(server.requests).toEqual([
      { transport: 'tftp', path: `${TOKEN}/short`, token: TOKEN, file: 'short', userAgent: '', address: '127.0.0.1' },
    ])
    await eventually(() => server.lines.length > 0)
    expect(server.lines).toMatchObject([{ file: '***/short', bytes: 5, retransmits: 0, outcome: 'served' }])
    expect(server.logged()).not.toContain(TOKEN)
  })

  test('no hostile name gets anything but the one refusal, or a line break into the log', async () => {
    const server = await open()
    const client = await connect()
    const named = ['../../../etc/passwd', '..\\..\\boot.ini', '/etc/shadow', '%2e%2e/short', '\r\nshort', '\u001b[2J']
    const overlong = Buffer.concat([Buffer.of(0, 1, 0xc0, 0xae, 0xc0, 0xae, 0x2f), Buffer.from('short\0octet\0')])
    const names = fc.sample(fc.string({ unit: 'binary', maxLength: 120 }), { numRuns: 2000, seed: 7 })
    const packets = [...named, '__proto__', 'constructor', ...names]
      .filter((name) => !name.includes('\0'))
      .map((name) => readRequest(name))
      .filter((packet) => packet.length <= 512)
    const answers = new Set<string>()
    for (const packet of [overlong, ...packets]) {
      await client.send(packet, server.port)
      answers.add(describePacket((await client.next())?.packet))
    }
    expect([...answers]).toEqual([NOT_FOUND])
    expect(server.logged()).toMatch(/^[\n -~]*$/)
    expect(server.lines).toHaveLength(packets.length + 1)
  })

  test('a failing look-up is told from a missing file, and is no reason to stop', async () => {
    const failing = ['throws', 'rejects']
    const server = await startTftpServer({
      address: '127.0.0.1',
      port: 0,
      allow: ['127.0.0.1'],
      log: { info: () => undefined, warn: () => undefined },
      answer: ({ file }) => {
        if (file === failing[0]) throw new Error('database gone')
        return file === failing[1] ? Promise.reject(new Error('database gone')) : Promise.resolve(null)
      },
    })
    closing.push(() => server.close())
    const client = await connect()
    const answers: string[] = []
    for (const file of [...failing, 'other']) {
      await client.send(readRequest(file), server.port)
      answers.push(describePacket((await client.next())?.packet))
    }
    expect(answers).toEqual(['ERROR 0 Server failed, try again', 'ERROR 0 Server failed, try again', NOT_FOUND])
    expect(server.activeTransfers).toBe(0)
  })
})

describe('reflection', () => {
  test('a forged source gets at most two blocks, or two option acknowledgements', async () => {
    const server = await open()
    const victim = await connect()
    await victim.send(readRequest('phone.cfg'), server.port)
    const greedy = await connect()
    await greedy.send(readRequest('phone.cfg', { blksize: '1468', windowsize: '32', tsize: '0' }), server.port)
    expect(await eventually(() => server.lines.length === 2, 8000)).toBe(true)
    expect(victim.heard.map(({ packet }) => packet.length)).toEqual([516, 516])
    expect(greedy.heard.map(({ packet }) => describePacket(packet).split(' ')[0])).toEqual(['OACK', 'OACK'])
    expect(server.lines.map((line) => line['outcome'])).toEqual(['client-silent', 'client-silent'])
  })

  test('one source has no more transfers than its share, and what is beyond hears nothing', async () => {
    const server = await open({ limits: { transfersPerSource: 3 } })
    const clients = await Promise.all(Array.from({ length: 5 }, () => connect()))
    for (const client of clients) await client.send(readRequest('phone.cfg'), server.port)
    await eventually(() => server.activeTransfers === 3)
    const other = await connect('127.0.0.9')
    await other.send(readRequest('short'), server.port)
    expect(describePacket((await other.next())?.packet)).toBe('DATA 1')
    expect(clients.filter(({ heard }) => heard.length > 0)).toHaveLength(3)
  })
})

describe('a transfer under way', () => {
  test('a packet from a wrong port gets ERROR 5 and disturbs nothing', async () => {
    const server = await open()
    const phone = await connect()
    const stranger = await connect()
    await phone.send(readRequest('phone.cfg'), server.port)
    const first = (await phone.next())!
    expect(first.port).not.toBe(server.port)
    for (const packet of [ack(1), ack(2), Buffer.from('\0\u0005\0\0stop\0'), Buffer.of(7, 7, 7), Buffer.alloc(0)]) {
      await stranger.send(packet, first.port)
    }
    await phone.send(ack(1), first.port)
    expect(describePacket((await phone.next())?.packet)).toBe('DATA 2')
    await phone.send(ack(2), first.port)
    expect(describePacket((await phone.next())?.packet)).toBe('DATA 3')
    await phone.send(ack(3), first.port)
    expect(await eventually(() => server.activeTransfers === 0)).toBe(true)
    expect(stranger.heard.map(({ packet }) => describePacket(packet))).toEqual(
      Array(3).fill('ERROR 5 Unknown transfer ID'),
    )
    expect(server.lines).toMatchObject([{ outcome: 'served', retransmits: 0 }])
  })

  test('an ERROR of the client ends it at once', async () => {
    const server = await open()
    const phone = await connect()
    await phone.send(readRequest('phone.cfg'), server.port)
    await phone.send(Buffer.from('\0\u0005\0\u0003full\0'), (await phone.next())!.port)
    expect(await eventually(() => server.activeTransfers === 0, 500)).toBe(true)
    expect(server.lines).toMatchObject([{ outcome: 'client-error' }])
  })

  test('is let finish when the server closes, and told so when it does not', async () => {
    const server = await open({ limits: { closeGraceMs: 300 } })
    const [quick, slow] = [await connect(), await connect()]
    await quick.send(readRequest('short'), server.port)
    await slow.send(readRequest('short'), server.port)
    const first = (await quick.next())!
    await slow.next()
    const closed = server.close()
    await quick.send(ack(1), first.port)
    await closed
    expect(server.lines.map((line) => line['outcome'])).toEqual(['served', 'closed'])
    expect(describePacket((await slow.next())?.packet)).toBe('ERROR 0 Server is closing')
  })
})

describe('a port that cannot be had', () => {
  const start = (port: number, address = '127.0.0.1', allow = ['127.0.0.1']) =>
    startTftpServer({
      address,
      port,
      allow,
      log: { info: () => undefined, warn: () => undefined },
      answer: () => null,
    })

  test('because it is taken', async () => {
    const other = createSocket('udp4').bind(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address()
    await expect(start(port)).rejects.toMatchObject({
      code: 'tftp-unavailable',
      message: `TFTP cannot listen on 127.0.0.1 port ${port}: EADDRINUSE`,
    })
    other.close()
  })

  test('because the address is of another host', () =>
    expect(start(0, '192.0.2.1')).rejects.toMatchObject({ code: 'tftp-unavailable' }))

  test('and none is opened without networks to answer', () =>
    expect(start(0, '127.0.0.1', [])).rejects.toMatchObject({ code: 'config-invalid' }))
})
