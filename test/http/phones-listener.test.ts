import { randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RunningListener } from '../../src/http/listening.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import { startTftpServer, type TftpServer } from '../../src/tftp/server.ts'
import { families, openSite, type Site } from '../boot/open-site.ts'
import { exchangeRaw, get, withoutDate } from './raw-exchange.ts'

const ADA = '001565abcd01'
const BOB = '001565abcd02'
const ZOE = '001565abcd09'
const CSV = `extension,last_name,mac,model\n1001,Abel,${ADA},T46U\n1002,Bush,${BOB},T46U\n`
const WRONG = 'AAAAAAAAAAAAAAAAAAAAAA'

const REFUSAL = 'HTTP/1.1 404 Not Found\r\nCache-Control: no-store\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

let site: Site
let http: RunningListener
let tftp: TftpServer
let ada: string
let zoe: string
const access: Record<string, unknown>[] = []
const writeAccess = (lines: string) => {
  expect(lines).toMatch(/^[\n -~]*$/)
  access.push(
    ...lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  )
}
beforeAll(async () => {
  site = await openSite()
  await site.importPeople(CSV)
  await site.importPeople(`extension,last_name,mac,model\n1001,Zorn,${ZOE},T46U\n`, {}, site.desk.zeta)
  ;[ada, zoe] = [await site.tokenOf(ADA), await site.tokenOf(ZOE, site.desk.zeta)]
  const common = { address: '127.0.0.1', port: 0, answer: site.boot.answer, log: site.log }
  http = await startPhonesListener({ ...common, writeAccess })
  tftp = await startTftpServer({ ...common, allow: ['127.0.0.0/8'] })
})
afterAll(async () => {
  await http.close()
  await tftp.close()
  await site.close()
})

const urlOf = (path: string) => `http://127.0.0.1:${http.port}${path}`

/** The first datagram that comes back for a read request, without the ports. */
async function readOverTftp(file: string): Promise<string> {
  const socket = createSocket('udp4')
  try {
    socket.send(Buffer.from(`\0\u0001${file}\0octet\0`, 'latin1'), tftp.port, '127.0.0.1')
    const [datagram] = (await once(socket, 'message')) as [Buffer]
    return datagram.toString('latin1')
  } finally {
    socket.close()
  }
}

test('never seen, wrong token, closed window, another tenant: one answer, byte by byte, over HTTP and TFTP', async () => {
  await site.release(site.desk.acme, await site.idOf(BOB))
  await vi.waitFor(async () => expect(await get(http.port, `/${BOB}.cfg`)).toContain('200 OK'))
  site.advance(11 * 60_000)
  const refused = {
    'never seen': '/0015651234ff.cfg',
    'known, no window': `/${ADA}.cfg`,
    'closed window': `/${BOB}.cfg`,
    'wrong token': `/${WRONG}/${ADA}.cfg`,
    "another device's token": `/${ada}/${BOB}.cfg`,
    "another tenant's token": `/${zoe}/${ADA}.cfg`,
    'never seen, with a token': `/${ada}/0015651234ff.cfg`,
    'another family': `/${ada}/cfg${ADA}.xml`,
    'unknown file': '/favicon.ico',
    nothing: '/',
  }
  for (const [reason, path] of Object.entries(refused)) {
    expect(await get(http.port, path), reason).toBe(REFUSAL)
    expect(await readOverTftp(path), reason).toBe('\0\u0005\0\u0001File not found\0')
  }
})

test('what is no request of a phone gets that answer too', async () => {
  const strange = [
    `POST /${ada}/${ADA}.cfg HTTP/1.1\r\nHost: p\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello`,
    `PUT /${ADA}.cfg HTTP/1.1\r\nHost: p\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`,
    `DELETE /${ada}/${ADA}.cfg HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n`,
    `OPTIONS * HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n`,
    `CONNECT evil:25 HTTP/1.1\r\nHost: p\r\n\r\n`,
    `GET /${'a'.repeat(600)} HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n`,
    `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: p\r\n\r\n`,
    `GET /%zz/${ADA}.cfg HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n`,
    `GET /${ada}%2f${ADA}.cfg HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n`,
    `GET /${ada}/%00${ADA}.cfg HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n`,
    `GET /%c0%ae%c0%ae/etc/passwd HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n`,
    `GET /${ada}/${ADA}.cfg HTTP/1.1\r\nHost: p\r\nX: ${'b'.repeat(9_000)}\r\n\r\n`,
    `GET /${ada}/${ADA}.cfg HTTP/1.1\r\nHost: p\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n`,
    `BREW /pot HTTP/1.1\r\n\r\n`,
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'hello\r\n\r\n',
  ]
  for (const request of strange) expect(withoutDate(await exchangeRaw(http.port, request)), request).toBe(REFUSAL)
})

test('no request target whatsoever brings a configuration without its token', async () => {
  // What phones ask for before they are known: the same for all, and nobody in it.
  const shared = families.flatMap((family) => family.files.filter(({ kind }) => kind === 'bootstrap'))
  const names = shared.flatMap(({ examples }) => examples)
  const common = new Set<string>([REFUSAL])
  for (const name of names) common.add(await get(http.port, `/${name}`))
  for (const text of common) for (const secret of [ADA, BOB, ada, '1001', 'Abel']) expect(text).not.toContain(secret)
  const grandstream = await get(http.port, '/cfg.xml')
  expect(grandstream.match(/<P\d+>/g)).toEqual(['<P212>', '<P237>'])
  const part = fc.oneof(
    fc.constantFrom(
      ADA,
      BOB,
      `${ADA}.cfg`,
      '/',
      '//',
      '..',
      '%2e%2e',
      '%2F',
      '\\',
      '%5c',
      '%00',
      '?',
      '#',
      ';',
      '%',
      '',
    ),
    fc.constantFrom(
      WRONG,
      'linphone.xml',
      'config.xml',
      'accounts',
      'config',
      '.cfg',
      '%2Ecfg',
      'cfg',
      '.xml',
      'http://a',
      '*',
      '+',
    ),
    fc.string({ maxLength: 8 }),
  )
  const target = fc.array(part, { maxLength: 8 }).map((parts) => `/${parts.join('')}`.replaceAll(/[^!-~]/g, '_'))
  await fc.assert(
    fc.asyncProperty(target, async (path) => {
      expect(common).toContain(await get(http.port, path))
    }),
    { numRuns: 400 },
  )
})

test('the file comes whole, with its type, length and tag, and is not sent again to who has it', async () => {
  const path = `/${ada}/${ADA}.cfg`
  const full = await fetch(urlOf(path))
  const body = Buffer.from(await full.arrayBuffer())
  expect(full.status).toBe(200)
  expect(full.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(full.headers.get('content-length')).toBe(String(body.length))
  expect(full.headers.get('cache-control')).toBe('no-store')
  const etag = full.headers.get('etag')!
  expect(etag).toMatch(/^"[A-Za-z0-9_-]{43}"$/)
  for (const tag of [etag, `"other", W/${etag}`, '*']) {
    const answer = await get(http.port, path, `If-None-Match: ${tag}\r\n`)
    expect(answer).toBe(
      `HTTP/1.1 304 Not Modified\r\nCache-Control: no-store\r\nETag: ${etag}\r\nConnection: close\r\n\r\n`,
    )
  }
  expect((await fetch(urlOf(path), { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  const head = await fetch(urlOf(path), { method: 'HEAD' })
  expect(head.headers.get('content-length')).toBe(String(body.length))
  expect(await head.text()).toBe('')
  const refusedHead = await fetch(urlOf(`/${ADA}.cfg`), { method: 'HEAD' })
  expect([refusedHead.status, refusedHead.headers.get('content-length')]).toEqual([404, '0'])
})

test('spellings that phones use reach the same file: doubled slashes, queries, escapes, a whole address', async () => {
  const body = await (await fetch(urlOf(`/${ada}/${ADA}.cfg`))).text()
  for (const path of [
    `//${ada}//${ADA}.cfg`,
    `/${ada}/${ADA}.cfg?mac=${ADA}`,
    `/${ada}/%30${ADA.slice(1)}%2Ecfg`,
    `http://phones/${ada}/${ADA}.cfg`,
  ])
    expect(await get(http.port, path), path).toContain(body)
})

test('the log has one line for each request, and never a token', async () => {
  await get(http.port, '/last')
  await vi.waitFor(() => expect(access.at(-1)?.['path']).toBe('/last'))
  access.length = 0
  await get(http.port, `/${ada}/${ADA}.cfg`)
  await get(http.port, `/${ada}/%1b%5b2J`)
  await get(http.port, `/${ADA}.cfg%C2%9B2J"\\`)
  await get(http.port, `/%${ada}/%zz`)
  await vi.waitFor(() => expect(access).toHaveLength(4))
  expect(access.map(({ status, path }) => [status, path])).toEqual([
    [200, `/***/${ADA}.cfg`],
    [404, '(unreadable)'],
    [404, `/${ADA}.cfg\u009b2J"\\`],
    [404, '(unreadable)'],
  ])
  expect(access[0]).toMatchObject({ address: '127.0.0.1', method: 'GET', level: 30, msg: 'phone request' })
  expect(Math.abs(Date.parse(access[0]!['time'] as string) - Date.now())).toBeLessThan(5_000)
  expect(JSON.stringify(access)).not.toContain(ada)
})

test('the address in the log is that of the phone, as far as the proxies before us are trusted', async () => {
  const common = { address: '127.0.0.1', port: 0, answer: site.boot.answer, log: site.log }
  const behind = await startPhonesListener({ ...common, writeAccess, trustedProxy: ['127.0.0.1', '10.1.0.0/16'] })
  const addressSeen = async (port: number, forwarded: string) => {
    const path = `/${randomUUID()}`
    await get(port, path, `X-Forwarded-For: ${forwarded}\r\n`)
    return vi.waitFor(() => {
      const line = access.find((one) => one['path'] === path)
      expect(line).toBeDefined()
      return line!['address']
    })
  }
  expect(await addressSeen(http.port, '192.0.2.7')).toBe('127.0.0.1')
  expect(await addressSeen(behind.port, '192.0.2.7')).toBe('192.0.2.7')
  expect(await addressSeen(behind.port, '198.51.100.9, 192.0.2.7, 10.1.2.3')).toBe('192.0.2.7')
  expect(await addressSeen(behind.port, 'unknown')).toBe('127.0.0.1')
  await behind.close()
  await expect(startPhonesListener({ ...common, trustedProxy: ['proxy'] })).rejects.toMatchObject({
    code: 'config-invalid',
  })
})

test('what came over TLS as far as the proxy counts as that, where the proxy is trusted', async () => {
  const seen: string[] = []
  const answer = ({ transport }: { transport: string }) => {
    seen.push(transport)
    return null
  }
  const common = { address: '127.0.0.1', port: 0, answer, log: site.log, writeAccess }
  const behind = await startPhonesListener({ ...common, trustedProxy: ['127.0.0.1'] })
  const open = await startPhonesListener(common)
  await get(behind.port, '/a', 'X-Forwarded-Proto: https\r\n')
  await get(behind.port, '/a', 'X-Forwarded-Proto: http\r\n')
  await get(open.port, '/a', 'X-Forwarded-Proto: https\r\n')
  expect(seen).toEqual(['https', 'http', 'http'])
  await behind.close()
  await open.close()
})

test('what cannot be known is a 500 without a word', async () => {
  site.lines.length = 0
  const fails = () => Promise.reject(new Error('secret detail'))
  const common = { address: '127.0.0.1', port: 0, writeAccess }
  const failing = await startPhonesListener({ ...common, answer: fails, log: site.log })
  const answer = await get(failing.port, `/${ADA}.cfg`)
  expect(answer).toBe(REFUSAL.replace('404 Not Found', '500 Internal Server Error'))
  expect(site.lines.map(({ level }) => level)).toEqual(['warn'])
  await failing.close()
})

test('closing lets the request under way have its answer, and ends idle connections', async () => {
  const gate = Promise.withResolvers<null>()
  const slow = await startPhonesListener({
    address: '127.0.0.1',
    port: 0,
    answer: () => gate.promise,
    log: site.log,
    writeAccess,
  })
  const idle = connect(slow.port, '127.0.0.1')
  await once(idle, 'connect')
  const pending = fetch(`http://127.0.0.1:${slow.port}/a`)
  await vi.waitFor(() => expect(idle.readyState).toBe('open'))
  await new Promise((resolve) => setTimeout(resolve, 50))
  const closed = slow.close()
  gate.resolve(null)
  expect((await pending).status).toBe(404)
  const beganAtMs = performance.now()
  await closed
  expect(performance.now() - beganAtMs).toBeLessThan(1_000)
  await expect(fetch(`http://127.0.0.1:${slow.port}/a`)).rejects.toThrow('fetch failed')
  idle.destroy()
})

test('a port that is taken is said by name', async () => {
  const twice = startPhonesListener({ address: '127.0.0.1', port: http.port, answer: site.boot.answer, log: site.log })
  await expect(twice).rejects.toMatchObject({ code: 'listen-failed' })
})

test('a client that sends its header slowly does not keep others waiting', async () => {
  const slow = Array.from({ length: 200 }, () => {
    const socket = connect(http.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write('GET / HTTP/1.1\r\nHost:')
    return socket
  })
  const beganAtMs = performance.now()
  expect((await fetch(urlOf(`/${ada}/${ADA}.cfg`))).status).toBe(200)
  expect(performance.now() - beganAtMs).toBeLessThan(2_000)
  for (const socket of slow) socket.destroy()
})

test('a body that nobody wants is read away within limits', async () => {
  const request = httpRequest({ port: http.port, host: '127.0.0.1', method: 'POST', path: '/' })
  const failed = new Promise<string>((resolve) => {
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
    request.on('response', (response) => resolve(String(response.statusCode)))
  })
  request.write(Buffer.alloc(1024))
  expect(await failed).toBe('404')
  request.destroy()
})
