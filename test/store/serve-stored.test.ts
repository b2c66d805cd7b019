import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import type { RunningListener } from '../../src/http/listening.ts'
import { setRollout } from '../../src/store/rollouts.ts'
import { startTftpServer, type TftpServer } from '../../src/tftp/server.ts'
import { bundle } from '../support/debian/bundle.ts'
import { run } from '../support/debian/run.ts'
import { fetchWith, FOR_ATFTP, type ClientName, type Programs } from '../tftp/real-clients.ts'
import { sha256 } from './files.ts'
import { openStockedSite, type StockedSite } from './stocked-site.ts'

vi.setConfig({ testTimeout: 120_000 })

const ADA = '001565abcd01'
/** More than 65,535 blocks of 512 octets: the block numbers of TFTP begin anew. */
const IMAGE = randomBytes(33_700_123)
const OPEN = randomBytes(300_000)
const NAME = 'T46U-108.86.0.90.rom'

let site: StockedSite
let http: RunningListener
let tftp: TftpServer
let programs: Programs
let folder: string
let token: string
beforeAll(async () => {
  site = await openStockedSite()
  folder = mkdtempSync(join(tmpdir(), 'offhook-fetched-'))
  await site.importPeople(`extension,last_name,mac,model\n1001,Abel,${ADA},T46U\n`)
  await site.addImage(NAME, IMAGE)
  await site.addImage('sip78xx.loads', OPEN, { family: 'cisco-sep', version: '12-8-1', open: true })
  await setRollout(site.shelf, site.desk.acme, { family: 'yealink' }, { version: '108.86.0.90' }, 'test')
  await site.roll()
  token = await site.tokenOf(ADA)
  const common = { address: '127.0.0.1', port: 0, answer: site.boot.answer, log: site.log }
  http = await startPhonesListener({ ...common, writeAccess: () => undefined })
  tftp = await startTftpServer({ ...common, allow: ['127.0.0.0/8'], limits: FOR_ATFTP })
  const { program } = await bundle('tools')
  programs = { tftp: program('tftp'), atftp: program('atftp'), curl: program('curl'), busybox: program('busybox') }
})
afterAll(async () => {
  await http.close()
  await tftp.close()
  await site.close()
  rmSync(folder, { recursive: true, force: true })
})

const urlOf = (file: string) => `http://127.0.0.1:${http.port}/${token}/${file}`
async function curl(...words: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(programs.curl, ['-sS', ...words])
  expect(status, stderr).toBe(0)
  return stdout
}
const headOf = async (...words: string[]) => (await curl('-o', '/dev/null', '-D', '-', ...words)).toLowerCase()

test('a phone finds the address of its image in its configuration, and the whole image there', async () => {
  const config = await curl(urlOf(`${ADA}.cfg`))
  const url = /static\.firmware\.url = http:\/\/[^/]+\/(.+)\n/.exec(config)![1]!
  const file = join(folder, 'whole.rom')
  const head = await curl('-o', file, '-D', '-', `http://127.0.0.1:${http.port}/${url}`)
  expect(head).toContain('HTTP/1.1 200 OK')
  expect(head).toContain(`Content-Length: ${IMAGE.length}\r\n`)
  expect(head).toContain('Content-Type: application/octet-stream\r\n')
  expect(head).toContain(`ETag: "${sha256(IMAGE)}"\r\n`)
  expect(head).toContain('Accept-Ranges: bytes\r\n')
  expect(sha256(readFileSync(file))).toBe(sha256(IMAGE))
})

test('a download that broke off goes on where it was, and any range comes as asked', async () => {
  const file = join(folder, 'resumed.rom')
  writeFileSync(file, IMAGE)
  truncateSync(file, 12_345_678)
  const head = await curl('-C', '-', '-o', file, '-D', '-', urlOf(`firmware/${NAME}`))
  expect(head).toContain('HTTP/1.1 206 Partial Content')
  expect(head).toContain(`Content-Range: bytes 12345678-${IMAGE.length - 1}/${IMAGE.length}\r\n`)
  expect(sha256(readFileSync(file))).toBe(sha256(IMAGE))
  for (const [range, expected] of [
    ['0-0', IMAGE.subarray(0, 1)],
    ['65535-65537', IMAGE.subarray(65_535, 65_538)],
    ['-70000', IMAGE.subarray(-70_000)],
    [`${IMAGE.length - 5}-${IMAGE.length + 100}`, IMAGE.subarray(-5)],
  ] as const) {
    await curl('-r', range, '-o', file, urlOf(`firmware/${NAME}`))
    expect(readFileSync(file).equals(expected), range).toBe(true)
  }
  expect(await headOf('-r', `${IMAGE.length}-`, urlOf(`firmware/${NAME}`))).toMatch(
    new RegExp(`^http/1.1 416 [^]*content-range: bytes \\*/${IMAGE.length}\r\n`),
  )
  const whole = `content-length: ${IMAGE.length}\r\n`
  for (const range of ['5-2', 'a-b', '1-2,4-5', '-'])
    expect(await headOf('-H', `Range: bytes=${range}`, '-I', urlOf(NAME)), range).toContain(whole)
  const since = ['-r', '0-9', '-H', 'If-Range: "another"']
  expect(await headOf(...since, urlOf(NAME))).toContain(whole)
  const same = ['-r', '0-9', '-H', `If-Range: "${sha256(IMAGE)}"`]
  expect(await headOf(...same, urlOf(NAME))).toContain('content-length: 10\r\n')
})

test('HEAD says what GET would, and who has it gets 304', async () => {
  const head = await headOf('-I', urlOf(`FIRMWARE//${NAME.toLowerCase()}`))
  expect(head).toMatch(/^http\/1\.1 200 /)
  expect(head).toContain(`content-length: ${IMAGE.length}\r\n`)
  expect(await headOf('-H', `If-None-Match: "${sha256(IMAGE)}"`, urlOf(NAME))).toMatch(/^http\/1\.1 304 /)
})

test('without the address of a phone nobody gets it, unless the image is open', async () => {
  const base = `http://127.0.0.1:${http.port}`
  const wrong = 'AAAAAAAAAAAAAAAAAAAAAA'
  const refused = [NAME, `firmware/${NAME}`, `${wrong}/${NAME}`, `${wrong}/firmware/${NAME}`, `${token}/../${NAME}`]
  for (const path of [...refused, `${token}/ringtone/${NAME}`, `${token}/firmware/sip78xx.loads`])
    expect(await headOf('--path-as-is', `${base}/${path}`), path).toMatch(/^http\/1\.1 404 /)
  const file = join(folder, 'open')
  await curl('-o', file, `${base}/sip78xx.loads`)
  expect(sha256(readFileSync(file))).toBe(sha256(OPEN))
})

const CLIENTS: ClientName[] = ['tftp-hpa', 'atftp', 'atftp blksize 1428', 'curl blksize 8192', 'busybox blksize 1428']
test.each(CLIENTS)('%s fetches an open image over TFTP', async (client) => {
  const bytes = await fetchWith(client, programs, { port: tftp.port, file: 'SIP78XX.loads' })
  expect(sha256(bytes)).toBe(sha256(OPEN))
})

test.each(['atftp windowsize 8', 'curl without options'] as const)(
  '%s fetches an image of more blocks than there are numbers',
  async (client) => {
    const bytes = await fetchWith(client, programs, { port: tftp.port, file: `${token}/${NAME}` })
    expect(sha256(bytes)).toBe(sha256(IMAGE))
  },
)

test('an image is not sent as text', async () => {
  const asked = fetchWith('tftp-hpa netascii', programs, { port: tftp.port, file: 'sip78xx.loads' })
  expect(await asked.then((bytes) => bytes.length).catch(() => 0)).toBe(0)
})

test('many phones at once take little memory, and who hangs up leaves nothing open', async () => {
  const before = process.memoryUsage().rss
  let peak = before
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20)
  const fetchOnce = (breakAtBytes: number) =>
    new Promise<string>((resolve, reject) => {
      const asked = request(urlOf(`firmware/${NAME}`), { agent: false }, (response) => {
        const digest = createHash('sha256')
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          digest.update(chunk)
          bytes += chunk.length
          if (bytes > breakAtBytes) response.destroy()
        })
        response.once('close', () => resolve(bytes === IMAGE.length ? digest.digest('hex') : 'broken off'))
        response.once('error', () => undefined)
      })
      asked.once('error', reject).end()
    })
  const results = await Promise.all([
    ...Array.from({ length: 8 }, () => fetchOnce(Infinity)),
    ...Array.from({ length: 8 }, () => fetchOnce(1_000_000)),
  ])
  clearInterval(watch)
  expect(results).toEqual([...Array<string>(8).fill(sha256(IMAGE)), ...Array<string>(8).fill('broken off')])
  // Sixteen copies of it would be half a gigabyte.
  expect(peak - before).toBeLessThan(200 * 1024 * 1024)
  const { readdirSync, readlinkSync } = await import('node:fs')
  const opened = () =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).startsWith(site.store.path)
      } catch {
        return false
      }
    }).length
  await expect.poll(opened, { timeout: 5_000 }).toBe(0)
})

test('a file that is gone from the disk is our failure and not an empty image', async () => {
  rmSync(join(site.store.path, sha256(OPEN).slice(0, 2), sha256(OPEN)))
  expect(await headOf(`http://127.0.0.1:${http.port}/sip78xx.loads`)).toMatch(/^http\/1\.1 500 /)
  expect(site.lines.at(-1)).toMatchObject({ level: 'warn', fields: { path: '/sip78xx.loads' } })
  await expect(fetchWith('curl', programs, { port: tftp.port, file: 'sip78xx.loads' })).rejects.toThrow()
})
