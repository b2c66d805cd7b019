import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tftp from 'tftp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundle } from '../support/debian/bundle.ts'
import { CLIENT_NAMES, fetchWith, FOR_ATFTP, type Programs } from './real-clients.ts'
import { serveFiles, type TestServer } from './test-server.ts'

const SIZES = { empty: 0, five: 5, block: 512, blocks: 1024, eight: 8192, five_mib: 5 * 1024 * 1024 }

const files: Record<string, Buffer> = Object.fromEntries([
  ...Object.entries(SIZES).map(([name, bytes]) => [name, randomBytes(bytes)] as const),
  ['folder/phone.cfg', Buffer.from('one\ntwo\r\nthree\rfour\r\n\n')],
])

let server: TestServer
let programs: Programs

beforeAll(async () => {
  server = await serveFiles(files, { limits: FOR_ATFTP })
  const { program } = await bundle('tools')
  programs = { tftp: program('tftp'), atftp: program('atftp'), curl: program('curl'), busybox: program('busybox') }
})

afterAll(() => server.close())

describe.each(CLIENT_NAMES)('%s', (client) => {
  test.each(Object.keys(files))('fetches the right bytes of %s', { timeout: 60_000 }, async (file) => {
    const bytes = await fetchWith(client, programs, { port: server.port, file })
    expect(bytes.equals(files[file]!)).toBe(true)
  })
})

describe.each([{}, { windowSize: 16, blockSize: 1468 }, { windowSize: 1, blockSize: 512 }])(
  'the client of npm with %o',
  (options) => {
    test.each(Object.keys(files))('fetches the right bytes of %s', async (file) => {
      const local = join(tmpdir(), `offhook-tftp-${randomUUID()}`)
      const client = tftp.createClient({ host: '127.0.0.1', port: server.port, ...options })
      await new Promise<void>((resolve, reject) => {
        client.get(file, local, (error) => (error ? reject(error) : resolve()))
      })
      const bytes = await readFile(local)
      await rm(local)
      expect(bytes.equals(files[file]!)).toBe(true)
    })
  },
)

test(
  'a file of more than 65,535 blocks arrives whole, its block numbers rolling over',
  { timeout: 60_000 },
  async () => {
    files['roll-over'] = randomBytes(34 * 1024 * 1024)
    const bytes = await fetchWith('tftp-hpa', programs, { port: server.port, file: 'roll-over' })
    expect(bytes.equals(files['roll-over'])).toBe(true)
  },
)

test('every client that was served has its line, and nothing is left under way', () => {
  const outcomes = new Set(server.lines.map((line) => line['outcome']))
  expect([...outcomes]).toEqual(['served'])
  expect(server.activeTransfers).toBe(0)
})
