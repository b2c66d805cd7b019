import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openInstallation } from '../cli/open-installation.ts'
import { startOffhook } from '../cli/run-offhook.ts'
import { makeCertificate } from '../support/asterisk/certificate.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { askOverTls } from '../support/makers/ask-over-tls.ts'
import { alter, openMint, type Signer } from '../support/makers/authority.ts'

const PHONES = process.env['OFFHOOK_SOAK'] ? 10_000 : 200
/** More only wait longer for the same two processors, and a phone that waits ten seconds to speak is hung up on. */
const AT_ONCE = 24
const FIRST = '0015650aaaaa'
const macOf = (at: number) => `001565${(0xa00000 + at).toString(16)}`

let site: Awaited<ReturnType<typeof openInstallation>>
let server: ReturnType<typeof startOffhook>
let port: number
let maker: Signer
let template: string
let key: string

beforeAll(async () => {
  site = await openInstallation()
  const rows = Array.from({ length: PHONES }, (_, at) => `${20_000 + at},P${at},${macOf(at)},T46U`)
  const people = site.file('people.csv', `extension,last_name,mac,model\n${rows.join('\n')}\n`)
  expect((await site.offhook(['import', people, '--apply'])).stderr).not.toContain('problem')
  const mint = await openMint(site.folder)
  maker = await mint.makeAuthority('/O=Yealink/CN=Yealink Equipment Issuing CA')
  const keyFile = await mint.makeKey('EC', 'ec_paramgen_curve:P-256')
  key = await readFile(keyFile, 'utf8')
  template = await mint.issue(maker, { subject: `/O=Yealink/CN=${FIRST}`, keyFile })
  mkdirSync(join(site.folder, 'makers', 'yealink'), { recursive: true })
  writeFileSync(join(site.folder, 'makers', 'yealink', 'ca.pem'), maker.certificate)
  const own = await makeCertificate(site.folder)
  const http = await findFreePorts(3)
  port = http + 2
  Object.assign(site.environment, {
    ...{
      OFFHOOK_HTTP_PORT: String(http),
      OFFHOOK_PHONES_PORT: String(http + 1),
      OFFHOOK_PHONES_TLS_PORT: String(port),
    },
    ...{ OFFHOOK_TLS_CERT: own.certificate, OFFHOOK_TLS_KEY: own.key },
    ...{ OFFHOOK_DEVICE_CA_DIR: join(site.folder, 'makers'), OFFHOOK_PHONES_URL: `https://127.0.0.1:${port}` },
  })
  server = startOffhook(['serve'], site.environment)
  await vi.waitFor(() => askOverTls(port, '/x', {}), { timeout: 60_000, interval: 250 })
}, 900_000)
afterAll(async () => {
  server.child.kill()
  await server.ended
  await site.close()
})

type Boot = { files: number; resumed: number; tlsMs: number }

/** As a phone does it: its own file by its certificate, then again at the address that stands in it. */
async function bootPhone(at: number): Promise<Boot> {
  const mac = macOf(at)
  const shown = { cert: alter(template, maker, [[FIRST, mac]]), key }
  const beganAtMs = performance.now()
  const first = await askOverTls(port, `/${mac}.cfg`, shown)
  const tlsMs = performance.now() - beganAtMs
  const [, token] = /https:\/\/127\.0\.0\.1:\d+\/([A-Za-z0-9_-]{22})\//.exec(first.body) ?? []
  if (first.status !== 200 || token === undefined || !first.body.includes(`user_name = ${20_000 + at}-default`))
    throw new Error(`${mac} got ${first.status}`)
  const second = await askOverTls(port, `/${token}/${mac}.cfg`, { ...shown, session: first.session })
  if (second.status !== 200 || second.body !== first.body) throw new Error(`${mac} got ${second.status} with its token`)
  return { files: 2, resumed: Number(first.isResumed) + Number(second.isResumed), tlsMs }
}

/** All phones once, so many at a time, from one address. */
async function storm(): Promise<{ errors: string[]; boots: Boot[]; seconds: number }> {
  const errors: string[] = []
  const boots: Boot[] = []
  const queue = Array.from({ length: PHONES }, (_, at) => at).values()
  const beganAtMs = performance.now()
  const lane = async () => {
    for (const at of queue)
      await bootPhone(at).then(
        (boot) => boots.push(boot),
        (error: unknown) => errors.push((error as Error).message),
      )
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return { errors, boots, seconds: (performance.now() - beganAtMs) / 1_000 }
}

const openFiles = () => readdirSync(`/proc/${server.child.pid}/fd`).length
const residentMb = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))![1]) / 1_024

test(
  `${PHONES} phones from one address get their own files over mutual TLS, none fails, and nothing is left behind`,
  { timeout: 1_800_000 },
  async () => {
    const idle = openFiles()
    const first = await storm()
    expect(first.errors).toEqual([])
    const afterFirstMb = residentMb()
    const second = await storm()
    expect(second.errors).toEqual([])
    await vi.waitFor(() => expect(openFiles()).toBeLessThanOrEqual(idle + 4), { timeout: 30_000, interval: 500 })
    await sleep(1_000)
    const growthMb = residentMb() - afterFirstMb
    const times = second.boots.map(({ tlsMs }) => tlsMs).sort((a, b) => a - b)
    const resumed = [...first.boots, ...second.boots].reduce((sum, boot) => sum + boot.resumed, 0)
    console.log(
      `mutual TLS: ${PHONES} phones twice, ${((4 * PHONES) / (first.seconds + second.seconds)).toFixed(0)} connections/s, ` +
        `p50 ${times[times.length >> 1]!.toFixed(0)} ms, p99 ${times[Math.floor(times.length * 0.99)]!.toFixed(0)} ms at ` +
        `${AT_ONCE} at once; resumed ${resumed}; memory ${afterFirstMb.toFixed(0)} MB, then ${growthMb.toFixed(0)} MB more`,
    )
    expect(resumed).toBe(0)
    // The second storm finds everything in memory that the first one made.
    expect(growthMb).toBeLessThan(64)
  },
)
