import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RunningListener } from '../../src/http/listening.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import { PhonesTls } from '../../src/http/phones-tls.ts'
import { families, openSite, type Site } from '../boot/open-site.ts'
import { makeCertificate } from '../support/asterisk/certificate.ts'
import { alter, openMint, type Signer, toUtcTime } from '../support/makers/authority.ts'
import { askOverTls } from '../support/makers/ask-over-tls.ts'

/** Five makers and how their certificates read; `subject` says `what` where the MAC address stands. */
const MAKERS = [
  {
    family: 'yealink',
    oui: '001565',
    subject: (what: string) => `/O=Yealink/CN=${what}`,
    generic: 'Yealink Equipment',
  },
  { family: 'poly', oui: '0004f2', subject: (what: string) => `/O=Polycom Inc./CN=${what}`, generic: 'Polycom' },
  { family: 'snom', oui: '000413', subject: (what: string) => `/C=DE/O=snom/CN=${what}`, generic: 'Snom Phone 1' },
  {
    ...{ family: 'cisco-spa', oui: '000e08', generic: 'ciscogeneric' },
    subject: (what: string) => `/OU=CP-8841-3PCC/L=88012BA01234/ST=${what}`,
  },
  {
    ...{ family: 'cisco-sep', oui: '001873', generic: 'CAP-RTP-002' },
    subject: (what: string) =>
      `/O=Cisco Systems Inc./CN=${/^[0-9a-fA-F]{12}/.test(what) ? `CP-7965G-SEP${what}` : what}`,
  },
] as const
type Maker = (typeof MAKERS)[number]

const CASES = [
  ['its own', 200, null],
  ['upper-case digits', 200, null],
  ['an elliptic key', 200, null],
  ['no usage named', 200, null],
  ['for clients and servers', 200, null],
  ['expired, known before', 200, null],
  ['no certificate', 404, null],
  ['another phone of the list', 404, null],
  ['a phone of no list', 404, null],
  ['the generic one', 404, 'names no single phone'],
  ['the field twice', 404, 'names no single phone'],
  ['the address in another field as text', 404, 'names no single phone'],
  ['the address behind a slash', 404, 'names no single phone'],
  ['the address and one digit more', 404, 'names no single phone'],
  ['a zero byte behind the address', 404, 'names no single phone'],
  ['an authority of the same name', 404, 'no authority'],
  ['another maker’s authority', 404, 'another maker|no single phone'],
  ['signed by itself', 404, 'no authority'],
  ['an authority itself', 404, 'certificate of an authority'],
  ['signed by a phone', 404, 'no authority'],
  ['for servers alone', 404, 'none for clients'],
  ['expired', 404, 'out of date'],
  ['not valid yet', 404, 'out of date'],
  ['signed with SHA-1', 404, 'SHA-1'],
  ['a key of 1024 bits', 404, 'too short'],
  ['an address of another maker', 404, 'another maker'],
] as const
type Case = (typeof CASES)[number][0]

type Shown = Pick<ConnectionOptions, 'cert' | 'key'>
type Cell = { path: string; shown: Shown }

let folder: string
let site: Site
let tls: PhonesTls
let listener: RunningListener
const cells = new Map<string, Cell>()
const authorities = new Map<string, { root: Signer; issuing: Signer }>()

const macOf = ({ oui }: Maker, at: number) => `${oui}${(0xc0de00 + at).toString(16)}`
/** Some MAC address that Panasonic was given. */
const FOREIGN = families.find(({ name }) => name === 'panasonic')!.ouis[0]!
const foreignMac = (at: number) => `${FOREIGN}c0de${(0x10 + at).toString(16)}`
const macFor = (maker: Maker, at: number, name: Case) =>
  name === 'an address of another maker' ? foreignMac(MAKERS.indexOf(maker)) : macOf(maker, at)

function fileOf({ family }: Maker, mac: string): string {
  const { files } = families.find(({ name }) => name === family)!
  const file = files.find(({ kind, pattern }) => kind === 'device' && pattern.source.includes('?<mac>'))!
  const example = file.examples[0]!
  const digits = file.pattern.exec(example)!.groups!.mac!
  return example.replace(digits, digits === digits.toUpperCase() ? mac.toUpperCase() : mac)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offhook-makers-'))
  site = await openSite()
  const mint = await openMint(folder)
  const keys = {
    rsa: await mint.makeKey('RSA', 'rsa_keygen_bits:2048'),
    weak: await mint.makeKey('RSA', 'rsa_keygen_bits:1024'),
    curve: await mint.makeKey('EC', 'ec_paramgen_curve:P-256'),
  }
  const makers = join(folder, 'makers')
  for (const { family } of MAKERS) {
    const root = await mint.makeAuthority(`/O=${family}/CN=${family} Root CA`)
    const issuing = await mint.makeAuthority(`/O=${family}/CN=${family} Equipment Issuing CA`, root)
    authorities.set(family, { root, issuing })
    await mkdir(join(makers, family), { recursive: true })
    await writeFile(join(makers, family, 'issuing.pem'), issuing.certificate)
  }
  const people = MAKERS.flatMap((maker, at) => {
    const model = families.find(({ name }) => name === maker.family)!.fallbackModel
    return CASES.map(([name], place) => `${2000 + at * 100 + place},P,${macFor(maker, place, name)},${model}`)
  })
  const outcome = await site.importPeople(`extension,last_name,mac,model\n${people.join('\n')}\n`)
  expect(outcome.problems).toEqual([])

  await Promise.all(
    MAKERS.map(async (maker, at) => {
      const { root, issuing } = authorities.get(maker.family)!
      const other = authorities.get(MAKERS[(at + 1) % MAKERS.length]!.family)!.issuing
      const evil = await mint.makeAuthority(issuing.name, root)
      for (const [place, [name]] of CASES.entries()) {
        const mac = macFor(maker, place, name)
        const subject = maker.subject(mac)
        const own = { subject, keyFile: keys.rsa }
        const show = async (certificate: string, keyFile = keys.rsa): Promise<Shown> => ({
          cert: certificate + issuing.certificate,
          key: await readFile(keyFile, 'utf8'),
        })
        const dated = async (from: number, to: number) => {
          const certificate = await mint.issue(issuing, own)
          const [since, until] = readDates(certificate)
          const days = (count: number) => toUtcTime(new Date(Date.now() + count * 86_400_000))
          return show(alter(certificate, issuing, [[until, days(to)], [since, days(from)]])) // prettier-ignore
        }
        const makers: Record<Case, () => Promise<Shown>> = {
          'its own': async () => show(await mint.issue(issuing, own)),
          'upper-case digits': async () =>
            show(await mint.issue(issuing, { ...own, subject: maker.subject(mac.toUpperCase()) })),
          'an elliptic key': async () => show(await mint.issue(issuing, { subject, keyFile: keys.curve }), keys.curve),
          'no usage named': async () =>
            show(await mint.issue(issuing, { ...own, extensions: ['basicConstraints=CA:FALSE'] })),
          'for clients and servers': async () =>
            show(await mint.issue(issuing, { ...own, extensions: ['extendedKeyUsage=serverAuth,clientAuth'] })),
          'expired, known before': async () => {
            const shown = await dated(-400, -1)
            const certificate = String(shown.cert)
            await site.database.query(
              `insert into offhook.device_certificates (device_id, tenant_id, sha256, subject, issuer, expires_at)
               select id, tenant_id, $2, '', '', now() from offhook.devices where mac = $1`,
              [mac, createHash('sha256').update(derOf(certificate)).digest('hex')],
            )
            return shown
          },
          'no certificate': () => Promise.resolve({}),
          'another phone of the list': async () =>
            show(await mint.issue(issuing, { ...own, subject: maker.subject(macOf(maker, place - 1)) })),
          'a phone of no list': async () =>
            show(await mint.issue(issuing, { ...own, subject: maker.subject(`${maker.oui}00aa${10 + at}`) })),
          'the generic one': async () =>
            show(await mint.issue(issuing, { ...own, subject: maker.subject(maker.generic) })),
          'the field twice': async () => {
            const field = subject.slice(subject.lastIndexOf('/'))
            return show(await mint.issue(issuing, { ...own, subject: `${subject}${field}` }))
          },
          'the address in another field as text': async () => {
            const field = subject.slice(subject.lastIndexOf('/') + 1)
            return show(await mint.issue(issuing, { ...own, subject: `/OU=${field}${maker.subject(maker.generic)}` }))
          },
          'the address behind a slash': async () => {
            const field = subject.slice(subject.lastIndexOf('/') + 1)
            return show(await mint.issue(issuing, { ...own, subject: maker.subject(`x\\/${field}`) }))
          },
          'the address and one digit more': async () =>
            show(await mint.issue(issuing, { ...own, subject: maker.subject(`${mac}0`) })),
          'a zero byte behind the address': async () =>
            show(
              alter(await mint.issue(issuing, { ...own, subject: maker.subject(`${mac}Z`) }), issuing, [
                [`${mac}Z`, `${mac}\0`],
              ]),
            ),
          'an authority of the same name': async () => show(await mint.issue(evil, own)),
          'another maker’s authority': async () => show(await mint.issue(other, own)),
          'signed by itself': async () => show(await mint.issue(null, own)),
          'an authority itself': async () =>
            show(await mint.issue(issuing, { ...own, extensions: ['basicConstraints=CA:TRUE'] })),
          'signed by a phone': async () => {
            const phone = await mint.makeAuthority(maker.subject(macOf(maker, 0)), issuing)
            const shown = await show(await mint.issue(phone, own))
            return {
              ...shown,
              cert: String(shown.cert).replace(issuing.certificate, phone.certificate + issuing.certificate),
            }
          },
          'for servers alone': async () =>
            show(await mint.issue(issuing, { ...own, extensions: ['extendedKeyUsage=serverAuth'] })),
          expired: () => dated(-400, -1),
          'not valid yet': () => dated(1, 400),
          'signed with SHA-1': async () => show(await mint.issue(issuing, { ...own, digest: 'sha1' })),
          'a key of 1024 bits': async () => show(await mint.issue(issuing, { subject, keyFile: keys.weak }), keys.weak),
          'an address of another maker': async () => show(await mint.issue(issuing, own)),
        }
        cells.set(`${maker.family}/${name}`, { path: `/${fileOf(maker, mac)}`, shown: await makers[name]() })
      }
    }),
  )
  const own = await makeCertificate(folder)
  tls = new PhonesTls({ certFile: own.certificate, keyFile: own.key, makers: { folder: makers, families } })
  const common = { address: '127.0.0.1', port: 0, answer: site.boot.answer, log: site.log, tls }
  listener = await startPhonesListener({ ...common, writeAccess: () => undefined })
}, 300_000)
afterAll(async () => {
  await listener.close()
  await site.close()
  await rm(folder, { recursive: true })
})

function derOf(pem: string): Buffer {
  return Buffer.from(pem.split('-----')[2]!, 'base64')
}

function readDates(certificate: string): [string, string] {
  const found = derOf(certificate)
    .toString('latin1')
    .match(/\d{12}Z/g)!
  return [found[0], found[1]!]
}

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const
test('there are at least 400 cells', () => {
  expect(MAKERS.length * CASES.length * VERSIONS.length * 2).toBeGreaterThanOrEqual(400)
})

describe.each(MAKERS)('$family', ({ family }) => {
  test.each(CASES)('%s: %d, the first and the second time, whatever the version of TLS', async (name, expected) => {
    const { path, shown } = cells.get(`${family}/${name}`)!
    for (const version of VERSIONS) {
      const options = { ...shown, minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }
      const first = await askOverTls(listener.port, path, options)
      const second = await askOverTls(listener.port, path, { ...options, session: first.session })
      expect([first.protocol, first.status, second.status]).toEqual([version, expected, expected])
      expect(second.isResumed).toBe(false)
      const isEmpty = expected === 404
      expect([first.body === '', second.body === '']).toEqual([isEmpty, isEmpty])
    }
  })
})

test('each is refused for its own reason, which the story tells', async () => {
  for (const maker of MAKERS)
    for (const [place, [name, , reason]] of CASES.entries()) {
      if (reason === null) continue
      const label = `${maker.family}: ${name}`
      await vi.waitFor(async () => {
        const rows = await site.database.query(
          `select distinct c.outcome, c.detail from offhook.device_contacts c join offhook.devices d on d.id = c.device_id
           where d.mac = $1`,
          [macFor(maker, place, name)],
        )
        const details = (rows.rows as { detail: string | null }[]).map(({ detail }) => detail ?? '')
        expect(details.join('|'), label).toMatch(new RegExp(reason))
      })
    }
})
