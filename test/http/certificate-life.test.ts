import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RunningListener } from '../../src/http/listening.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import { PhonesTls } from '../../src/http/phones-tls.ts'
import { findDevice } from '../../src/people/find-device.ts'
import { givePasswords } from '../../src/people/phones/login-phone.ts'
import { readStory } from '../../src/people/phones/read-story.ts'
import { swapPhone } from '../../src/people/phones/swap-phone.ts'
import { rotateDevice } from '../../src/people/rotate-device.ts'
import { families, openSite, type Site } from '../boot/open-site.ts'
import { makeCertificate } from '../support/asterisk/certificate.ts'
import { askOverTls } from '../support/makers/ask-over-tls.ts'
import { openMint, type Signer } from '../support/makers/authority.ts'

const [ADA, BOB, CY] = ['001565abcd01', '001565abcd02', '001565abcd03'] as const
const patient = { timeout: 10_000, interval: 50 }

let folder: string
let site: Site
let mint: Awaited<ReturnType<typeof openMint>>
let maker: Signer
let keyFile: string
let key: string
let files: { certFile: string; keyFile: string }
let listener: RunningListener
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offhook-certificates-'))
  site = await openSite()
  const rows = [ADA, BOB, CY].map((mac, at) => `${1001 + at},P${at},${mac},T46U`)
  await site.importPeople(`extension,last_name,mac,model\n${rows.join('\n')}\n`)
  mint = await openMint(folder)
  maker = await mint.makeAuthority('/O=Yealink/CN=Yealink Equipment Issuing CA')
  keyFile = await mint.makeKey('EC', 'ec_paramgen_curve:P-256')
  key = await readFile(keyFile, 'utf8')
  await mkdir(join(folder, 'makers', 'yealink'), { recursive: true })
  await writeFile(join(folder, 'makers', 'yealink', 'ca.pem'), maker.certificate)
  const own = await makeCertificate(folder)
  files = { certFile: own.certificate, keyFile: own.key }
  const makers = { folder: join(folder, 'makers'), families }
  const tls = new PhonesTls({ ...files, makers, lookEveryMs: 100 })
  const common = { address: '127.0.0.1', port: 0, answer: site.boot.answer, log: site.log, tls }
  listener = await startPhonesListener({ ...common, writeAccess: () => undefined })
}, 120_000)
afterAll(async () => {
  await listener.close()
  await site.close()
  await rm(folder, { recursive: true })
})

const certify = async (mac: string, authority = maker) => ({
  cert: await mint.issue(authority, { subject: `/O=Yealink/CN=${mac}`, keyFile }),
  key,
})
const ask = async (path: string, shown = {}) => (await askOverTls(listener.port, `/${path}`, shown)).status
const story = (mac: string) => readStory(site.desk, site.desk.acme, mac)

test('a phone is known by the certificate that it came with first; another one needs a release of its own', async () => {
  const first = await certify(ADA)
  expect(await ask(`${ADA}.cfg`, first)).toBe(200)
  await vi.waitFor(
    async () => expect((await story(ADA)).certificate).toMatchObject({ subject: `O=Yealink, CN=${ADA}` }),
    patient,
  )
  const second = await certify(ADA)
  expect(await ask(`${ADA}.cfg`, second)).toBe(404)
  await vi.waitFor(
    async () => expect((await story(ADA)).last_refused).toMatchObject({ outcome: 'certificate-other', way: null }),
    patient,
  )
  await site.release(site.desk.acme, await site.idOf(ADA))
  await vi.waitFor(async () => expect(await ask(`${ADA}.cfg`, second)).toBe(200), patient)
  expect(await ask(`${ADA}.cfg`, first)).toBe(404)
  expect((await story(ADA)).last_served).toMatchObject({ transport: 'https', way: 'certificate' })
})

test('a token needs no certificate, and a certificate brings a phone whose address was changed to the new one', async () => {
  const shown = await certify(BOB)
  const old = await site.tokenOf(BOB)
  expect(await ask(`${old}/${BOB}.cfg`, await certify(CY))).toBe(200)
  expect(await ask(`${old}/${BOB}.cfg`)).toBe(200)
  await rotateDevice(site.desk, site.desk.acme, await findDevice(site.desk, site.desk.acme, BOB), 'test')
  await vi.waitFor(async () => expect(await ask(`${old}/${BOB}.cfg`)).toBe(404), patient)
  expect(await ask(`${old}/${BOB}.cfg`, await certify(CY))).toBe(404)
  const { status, body } = await askOverTls(listener.port, `/${old}/${BOB}.cfg`, shown)
  expect(status).toBe(200)
  expect(body).toContain(`/${await site.tokenOf(BOB)}/`)
})

test('a phone that is in the list with another maker’s family is not believed', async () => {
  await site.database.query(`update offhook.devices set family = 'htek', model = 'UC926' where mac = $1`, [CY])
  expect(await ask(`${CY}.cfg`, await certify(CY))).toBe(404)
  await vi.waitFor(
    async () => expect((await story(CY)).last_refused).toMatchObject({ outcome: 'certificate-refused' }),
    patient,
  )
})

test('a phone that takes another’s place is known by its own certificate, and by no password of the old one', async () => {
  const next = '001565abcd0e'
  await givePasswords(site.desk, site.desk.acme, { deviceId: await site.idOf(BOB), renew: false }, 'test')
  await swapPhone(site.desk, site.desk.acme, { mac: BOB, by: next }, 'test')
  const { rows } = await site.database.query('select count(*)::int as count from offhook.device_logins')
  expect(rows).toEqual([{ count: 0 }])
  await vi.waitFor(async () => expect(await ask(`${next}.cfg`, await certify(next))).toBe(200), patient)
  expect(await ask(`${BOB}.cfg`, await certify(BOB))).toBe(404)
  await swapPhone(site.desk, site.desk.acme, { mac: next, by: BOB }, 'test')
})

test('a chain that is a bomb ends the connection and nothing else', async () => {
  const { cert } = await certify(BOB)
  const bomb = { cert: cert + maker.certificate.repeat(2_048), key }
  const began = performance.now()
  const status = await ask(`${BOB}.cfg`, bomb).catch(() => 'ended')
  expect(status === 'ended' || status === 0).toBe(true)
  expect(performance.now() - began).toBeLessThan(5_000)
  expect(await ask(`${BOB}.cfg`)).toBe(404)
})

test('old versions of TLS are refused', async () => {
  const options = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  await expect(ask('x', options)).rejects.toThrow(/protocol version|alert/)
})

test('a renewed certificate is taken up, the connections that are there go on, and one that does not fit changes nothing', async () => {
  const seenBy = async () =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: listener.port, rejectUnauthorized: false })
      socket.once('error', reject)
      socket.once('secureConnect', () => {
        resolve(socket.getPeerX509Certificate()!.fingerprint256)
        socket.destroy()
      })
    })
  const before = await seenBy()
  const lasting = connect({ host: '127.0.0.1', port: listener.port, rejectUnauthorized: false })
  await new Promise((resolve) => lasting.once('secureConnect', resolve))
  lasting.write('GET /x HTTP/1.1\r\nHost: p\r\n\r\n')
  await new Promise((resolve) => lasting.once('data', resolve))

  const other = join(folder, 'renewed')
  await mkdir(other)
  const renewed = await makeCertificate(other)
  // The certificate first, its key a moment later, as most tools write them.
  await writeFile(files.certFile, await readFile(renewed.certificate))
  await vi.waitFor(
    () =>
      expect(site.lines).toContainEqual(
        expect.objectContaining({ level: 'warn', message: expect.stringContaining('old one') as string }),
      ),
    patient,
  )
  expect(await seenBy()).toBe(before)
  await writeFile(files.keyFile, await readFile(renewed.key))
  await vi.waitFor(async () => expect(await seenBy()).not.toBe(before), patient)

  lasting.write('GET /x HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n')
  const answer = await new Promise<Buffer>((resolve) => lasting.once('data', resolve))
  expect(answer.toString()).toContain('404 Not Found')
  lasting.destroy()
})

test('an authority that the admin adds or takes away counts from the next connection on', async () => {
  const late = await mint.makeAuthority('/O=Yealink/CN=Yealink Equipment Issuing CA 2')
  const shown = await certify(BOB, late)
  await site.release(site.desk.acme, await site.idOf(BOB))
  await site.database.query('delete from offhook.device_certificates')
  await site.database.query(`update offhook.release_windows set closes_at = now()`)
  await vi.waitFor(async () => expect(await ask(`${BOB}.cfg`, shown)).toBe(404), patient)
  const path = join(folder, 'makers', 'yealink', 'ca2.pem')
  await writeFile(path, late.certificate)
  await vi.waitFor(async () => expect(await ask(`${BOB}.cfg`, shown)).toBe(200), patient)
  await rm(path)
  await vi.waitFor(async () => expect(await ask(`${BOB}.cfg`, shown)).toBe(404), patient)
})

test('a folder that will not do is refused by name at the start', async () => {
  const bad = join(folder, 'bad')
  await mkdir(join(bad, 'yealnk'), { recursive: true })
  await mkdir(join(bad, 'zoiper'))
  await mkdir(join(bad, 'snom'))
  await writeFile(join(bad, 'snom', 'x.pem'), 'nothing')
  await writeFile(join(bad, 'snom', 'phone.pem'), (await certify(ADA)).cert)
  const open = () => new PhonesTls({ ...files, makers: { folder: bad, families } })
  for (const fault of [
    'yealnk/ is no phone family',
    'zoiper/: it is not known where its certificates name the phone',
    'snom/x.pem cannot be read as certificates',
    'snom/phone.pem holds the certificate of no authority',
  ])
    expect(open).toThrow(fault)
  expect(() => new PhonesTls({ ...files, keyFile: keyFile, makers: null })).toThrow('do not fit')
})
