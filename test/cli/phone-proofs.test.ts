import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { makeCertificate } from '../support/asterisk/certificate.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { bundle } from '../support/debian/bundle.ts'
import { run } from '../support/debian/run.ts'
import { openMint } from '../support/makers/authority.ts'
import { openInstallation } from './open-installation.ts'
import { startOffhook } from './run-offhook.ts'

const PHONE = '001565abcd01'
const patient = { timeout: 60_000, interval: 250 }
// Each command is a process of its own.
vi.setConfig({ testTimeout: 180_000 })

let site: Awaited<ReturnType<typeof openInstallation>>
let server: ReturnType<typeof startOffhook>
let ports: { http: number; tls: number }
let curl: (...words: string[]) => Promise<{ status: string; body: string }>
let shown: string[]

beforeAll(async () => {
  site = await openInstallation()
  const people = `extension,last_name,mac,model\n1001,Abel,${PHONE},T46U\n`
  await site.offhook(['import', site.file('people.csv', people), '--apply'])
  const mint = await openMint(site.folder)
  const maker = await mint.makeAuthority('/O=Yealink/CN=Yealink Equipment Issuing CA')
  mkdirSync(join(site.folder, 'makers', 'yealink'), { recursive: true })
  writeFileSync(join(site.folder, 'makers', 'yealink', 'ca.pem'), maker.certificate)
  const keyFile = await mint.makeKey('RSA', 'rsa_keygen_bits:2048')
  const certificate = site.file('phone.pem', await mint.issue(maker, { subject: `/O=Yealink/CN=${PHONE}`, keyFile }))
  shown = ['--cert', certificate, '--key', keyFile]
  const own = await makeCertificate(site.folder)
  const first = await findFreePorts(3)
  ports = { http: first + 1, tls: first + 2 }
  Object.assign(site.environment, {
    ...{ OFFHOOK_HTTP_PORT: String(first), OFFHOOK_PHONES_PORT: String(ports.http) },
    ...{ OFFHOOK_PHONES_TLS_PORT: String(ports.tls), OFFHOOK_TLS_CERT: own.certificate, OFFHOOK_TLS_KEY: own.key },
    OFFHOOK_DEVICE_CA_DIR: join(site.folder, 'makers'),
  })
  const program = (await bundle('tools')).program('curl')
  curl = async (...words) => {
    const { stdout } = await run(program, ['-s', '--cacert', own.certificate, '-w', '\n%{http_code}', ...words])
    const at = stdout.lastIndexOf('\n')
    return { status: stdout.slice(at + 1), body: stdout.slice(0, at) }
  }
  server = startOffhook(['serve'], site.environment)
  await vi.waitFor(async () => expect((await curl(`https://localhost:${ports.tls}/x`)).status).toBe('404'), {
    timeout: 60_000,
    interval: 250,
  })
}, 180_000)
afterAll(async () => {
  server.child.kill()
  await server.ended
  await site.close()
})

const show = async () => (await site.offhook(['phone', 'show', PHONE])).stdout

test('curl with a phone’s certificate gets that phone’s file from the real server, and phone show says by what', async () => {
  expect((await curl(`https://localhost:${ports.tls}/${PHONE}.cfg`)).status).toBe('404')
  const { status, body } = await curl(...shown, `https://localhost:${ports.tls}/${PHONE}.cfg`)
  expect(status).toBe('200')
  expect(body).toContain('account.1.user_name = 1001-default')
  expect((await curl(...shown, `https://localhost:${ports.tls}/001565abcd02.cfg`)).status).toBe('404')
  await vi.waitFor(async () => {
    const text = await show()
    expect(text).toMatch(/^last got .* by https from 127\.0\.0\.1: got its file by its certificate$/m)
    expect(text).toMatch(
      /^certificate +known by O=Yealink, CN=001565abcd01 of O=Yealink, CN=Yealink Equipment Issuing CA/m,
    )
    expect(text).toMatch(/^exposed +not since its passwords were made$/m)
  }, patient)
})

test('phone certificate says of a sample which phone it names, or why it is not believed', async () => {
  const [good, bad] = [shown[1]!, join(site.folder, 'makers', 'yealink', 'ca.pem')]
  expect(await site.json('phone', 'certificate', good)).toEqual([
    0,
    expect.objectContaining({ fault: null, phones: [{ family: 'yealink', mac: PHONE }] }),
  ])
  expect((await site.offhook(['phone', 'certificate', good])).stdout).toMatch(/^verdict +believed$/m)
  const refused = await site.offhook(['phone', 'certificate', bad])
  expect([refused.code, refused.stdout]).toEqual([
    1,
    expect.stringMatching(/^verdict +it is the certificate of an authority$/m),
  ])
  expect((await site.offhook(['phone', 'certificate', join(site.folder, 'people.csv')])).stderr).toContain(
    'cannot be read',
  )
})

test('an admin opens an address for passwords, and curl gets the file there with the phone’s own', async () => {
  const [code, opened] = await site.json('phone', 'login-address', '--open')
  const { url } = opened as { url: string }
  expect([code, url]).toEqual([0, expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/[A-Za-z0-9_-]{22}\/$/)])
  const [, given] = await site.json('phone', 'login', PHONE)
  const { phones } = given as { phones: { user: string; password: string }[] }
  expect(phones).toEqual([
    { phone: PHONE, user: PHONE, password: expect.stringMatching(/^[A-Za-z2-9]{16}$/) as string },
  ])
  const credentials = ['-u', `${phones[0]!.user}:${phones[0]!.password}`]
  await vi.waitFor(async () => expect((await curl(`${url}${PHONE}.cfg`)).status).toBe('401'), patient)
  const { status, body } = await curl('--digest', ...credentials, `${url}${PHONE}.cfg`)
  expect([status, body.includes('1001-default')]).toEqual(['200', true])
  expect((await curl('--digest', '-u', `${PHONE}:wrong`, `${url}${PHONE}.cfg`)).status).toBe('401')
  const secure = url.replace(/^http:\/\/127\.0\.0\.1:\d+/, `https://localhost:${ports.tls}`)
  expect((await curl('--digest', ...credentials, `${secure}${PHONE}.cfg`)).status).toBe('200')
  expect(await site.json('phone', 'login', 'all')).toEqual([0, { url, phones }])
  await vi.waitFor(async () => {
    const text = await show()
    expect(text).toMatch(/got its file by its password/)
    expect(text).toMatch(/^exposed +\S+Z over http from 127\.0\.0\.1: .*phone rotate 001565abcd01 --passwords$/m)
  }, patient)
})

test('new passwords end what was exposed, the old address and the old password', async () => {
  const [, before] = await site.json('phone', 'login', PHONE)
  expect((await site.offhook(['phone', 'rotate', PHONE, '--passwords'])).stdout).toContain('new passwords')
  expect(await show()).toMatch(/^exposed +not since/m)
  const [, after] = await site.json('phone', 'login', PHONE)
  expect(after).not.toEqual(before)
  expect(await site.json('phone', 'login-address', '--close')).toEqual([0, { url: null }])
  expect((await site.json('phone', 'login-address', '--close', '--open'))[0]).toBe(1)
})
