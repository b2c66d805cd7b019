import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RunningListener } from '../../src/http/listening.ts'
import { parseAuthorization } from '../../src/http/login/authorization.ts'
import { createDoor } from '../../src/http/login/door.ts'
import { Nonces } from '../../src/http/login/nonces.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import { closeLoginPath, openLoginPath, readLoginPath } from '../../src/people/login-address.ts'
import { givePasswords } from '../../src/people/phones/login-phone.ts'
import { readStory } from '../../src/people/phones/read-story.ts'
import { families, openSite, type Site } from '../boot/open-site.ts'
import { bundle } from '../support/debian/bundle.ts'
import { run } from '../support/debian/run.ts'
import { get } from './raw-exchange.ts'

const ADA = '001565abcd01'
const BOB = '0004131234ab'
const ZOE = '001565abcd09'
const NOBODY = '00156599ff00'
const YEALINK = 'Yealink SIP-T46G 28.83.0.120 00:15:65:ab:cd:01'
const SNOM = 'Mozilla/4.0 (compatible; snom710-SIP 8.7.5.35 1.1.5-IFX-05.01.12 0004131234AB)'

let site: Site
let http: RunningListener
let path: string
let passwords: Map<string, string>
let curl: string
beforeAll(async () => {
  site = await openSite()
  await site.importPeople(`extension,last_name,mac,model\n1001,Abel,${ADA},T46U\n1002,Bush,${BOB},D785\n`)
  await site.importPeople(`extension,last_name,mac,model\n1001,Zorn,${ZOE},T46U\n`, {}, site.desk.zeta)
  const given = await givePasswords(site.desk, site.desk.acme, { deviceId: null, renew: false }, 'test')
  const others = await givePasswords(site.desk, site.desk.zeta, { deviceId: null, renew: false }, 'test')
  passwords = new Map([...given, ...others].map(({ user, password }) => [user, password.reveal()]))
  path = await openLoginPath(site.desk, site.desk.acme, false, 'test')
  const door = createDoor({ logins: site.boot.logins, families })
  const common = { address: '127.0.0.1', port: 0, answer: site.boot.answer, log: site.log, door }
  http = await startPhonesListener({ ...common, writeAccess: () => undefined })
  curl = (await bundle('tools')).program('curl')
  await vi.waitFor(() => expect(site.boot.logins.isOpen(path)).toBe(true))
})
afterAll(async () => {
  await http.close()
  await site.close()
})

/** What curl gets: status and body. */
async function fetchAs(user: string, password: string, file: string, ...options: string[]): Promise<[string, string]> {
  const url = `http://127.0.0.1:${http.port}/${path}/${file}`
  const words = ['-s', '--path-as-is', '-w', '\n%{http_code}', '-u', `${user}:${password}`, ...options, url]
  const { stdout } = await run(curl, words)
  const at = stdout.lastIndexOf('\n')
  return [stdout.slice(at + 1), stdout.slice(0, at)]
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

/** Challenges of a refusal, in order. */
const challengesIn = (answer: string) => [...answer.matchAll(/^WWW-Authenticate: (.*)\r$/gm)].map(([, value]) => value!)

/** A refusal without what is different every time. */
const withoutNonce = (answer: string) => answer.replaceAll(/nonce="[^"]+"/g, 'nonce=""')

const ask = (file: string, headers = '', folder = path) => get(http.port, `/${folder}/${file}`, headers)

/** The header that answers the first MD5 challenge. */
function answerTo(
  challenge: string,
  { user = ADA, file = `${ADA}.cfg`, nc = '00000001', method = 'GET' } = {},
): string {
  const nonce = /nonce="([^"]+)"/.exec(challenge)![1]!
  const uri = `/${path}/${file}`
  const first = md5(`${user}:offhook:${passwords.get(user) ?? 'wrong'}`)
  const response = md5(`${first}:${nonce}:${nc}:abc:auth:${md5(`${method}:${uri}`)}`)
  return (
    `Authorization: Digest username="${user}", realm="offhook", nonce="${nonce}", uri="${uri}", qop=auth, nc=${nc}, ` +
    `cnonce="abc", response="${response}", algorithm=MD5\r\n`
  )
}
const askChallenge = async () => challengesIn(await ask('x.cfg')).at(-1)!

test('a real client gets its file with its password: digest with SHA-256, digest with MD5, and basic where it must', async () => {
  const own = await site.boot.render(await site.idOf(ADA), `${ADA}.cfg`)
  const verbose = await run(curl, [
    ...['-sv', '--digest', '-u', `${ADA}:${passwords.get(ADA)}`],
    `http://127.0.0.1:${http.port}/${path}/${ADA}.cfg`,
  ])
  expect(verbose.stdout).toBe(own!.bytes.toString())
  expect(verbose.stderr).toMatch(/> Authorization: Digest .*algorithm=SHA-256/)
  expect(await fetchAs(ADA, passwords.get(ADA)!, `${ADA}.cfg`, '--digest', '-A', YEALINK)).toEqual([
    '200',
    own!.bytes.toString(),
  ])
  const file = `snomD785-${BOB.toUpperCase()}.htm`
  expect((await fetchAs(BOB, passwords.get(BOB)!, file, '--basic', '-A', SNOM))[0]).toBe('200')
  expect((await fetchAs(ADA, passwords.get(ADA)!, `${ADA}.cfg`, '--basic'))[0]).toBe('401')
})

test('the name is the MAC address in any spelling', async () => {
  for (const user of [ADA.toUpperCase(), '0015.65ab.cd01', '00-15-65-AB-CD-01'])
    expect((await fetchAs(user, passwords.get(ADA)!, `${ADA}.cfg`, '--digest'))[0]).toBe('200')
})

test('a password opens its own phone and no other', async () => {
  expect((await fetchAs(ADA, passwords.get(ADA)!, `snomD785-${BOB.toUpperCase()}.htm`, '--digest'))[0]).toBe('404')
  expect((await fetchAs(ADA, passwords.get(BOB)!, `${ADA}.cfg`, '--digest'))[0]).toBe('401')
  expect((await fetchAs(ZOE, passwords.get(ZOE)!, `${ZOE}.cfg`, '--digest'))[0]).toBe('401')
})

test('who is asked for a password learns nothing: known or not, any file, any mistake, one answer', async () => {
  const wrong = answerTo(await askChallenge(), { user: ADA }).replace(/response="./, 'response="')
  const asked = {
    'a known phone': await ask(`${ADA}.cfg`),
    'an unknown phone': await ask(`${NOBODY}.cfg`),
    'no phone’s file': await ask('favicon.ico'),
    nothing: await ask(''),
    'a wrong answer': await ask(`${ADA}.cfg`, wrong),
    'an unknown name': await ask(`${ADA}.cfg`, answerTo(await askChallenge(), { user: NOBODY })),
    'a phone of another tenant': await ask(`${ADA}.cfg`, answerTo(await askChallenge(), { user: ZOE })),
    'a wrong basic password': await ask(`${ADA}.cfg`, `Authorization: Basic ${btoa(`${ADA}:x`)}\r\n`),
    'no words of ours': await ask(`${ADA}.cfg`, 'Authorization: Negotiate abc\r\n'),
    'no words at all': await ask(`${ADA}.cfg`, 'Authorization: \r\n'),
  }
  const [first, ...others] = Object.values(asked).map(withoutNonce)
  expect(first).toBe(
    'HTTP/1.1 401 Unauthorized\r\nCache-Control: no-store\r\nContent-Length: 0\r\n' +
      'WWW-Authenticate: Digest realm="offhook", qop="auth", algorithm=SHA-256, nonce=""\r\n' +
      'WWW-Authenticate: Digest realm="offhook", qop="auth", algorithm=MD5, nonce=""\r\nConnection: close\r\n\r\n',
  )
  for (const other of others) expect(other).toBe(first)
})

test('what is offered follows from the User-Agent, never from the inventory', async () => {
  const offered = async (agent: string, file: string) =>
    challengesIn(await ask(file, `User-Agent: ${agent}\r\n`)).map((one) => /^\w+|algorithm=[^,]+/g.exec(one)![0])
  for (const file of [`${ADA}.cfg`, `${NOBODY}.cfg`, `snomD785-${BOB.toUpperCase()}.htm`]) {
    expect(await offered(SNOM, file)).toEqual(['Basic'])
    expect(await offered('curl/8', file)).toEqual(['Digest', 'Digest'])
    expect(challengesIn(await ask(file, `User-Agent: ${YEALINK}\r\n`))).toEqual([
      expect.stringContaining('algorithm=MD5'),
    ])
  }
})

test('outside of the folder that was opened nobody is ever asked', async () => {
  const basic = `Authorization: Basic ${btoa(`${BOB}:${passwords.get(BOB)!}`)}\r\n`
  const other = path.startsWith('A') ? `B${path.slice(1)}` : `A${path.slice(1)}`
  for (const target of [`/${ADA}.cfg`, `/${other}/${ADA}.cfg`, `/${path}`, `/x/${path}/${ADA}.cfg`])
    expect(await get(http.port, target, basic), target).toMatch(/^HTTP\/1\.1 404 [^]*\r\nContent-Length: 0\r\n/)
  expect(await get(http.port, `/${ADA}.cfg`)).not.toContain('WWW-Authenticate')
})

test('an answer works once: the same count again is asked anew, the next count is served', async () => {
  const challenge = await askChallenge()
  const header = answerTo(challenge)
  expect(await ask(`${ADA}.cfg`, header)).toMatch(/^HTTP\/1\.1 200 /)
  const replayed = await ask(`${ADA}.cfg`, header)
  expect(replayed).toMatch(/^HTTP\/1\.1 401 /)
  expect(challengesIn(replayed)[0]).toMatch(/, stale=true$/)
  expect(await ask(`${ADA}.cfg`, answerTo(challenge, { nc: '00000002' }))).toMatch(/^HTTP\/1\.1 200 /)
  expect(await ask(`${ADA}.cfg`, answerTo(challenge, { nc: '00000001' }))).toMatch(/^HTTP\/1\.1 401 /)
})

test('an answer for another file, method, realm or nonce is none', async () => {
  const challenge = await askChallenge()
  const broken = [
    answerTo(challenge, { file: 'other.cfg' }),
    answerTo(challenge, { method: 'HEAD' }),
    answerTo(challenge).replace('realm="offhook"', 'realm="other"'),
    answerTo(challenge).replace('qop=auth', 'qop=auth-int'),
    answerTo(challenge).replace('algorithm=MD5', 'algorithm=SHA-512-256'),
    answerTo(challenge).replace('algorithm=MD5', 'algorithm=MD5, algorithm=MD5'),
    answerTo('nonce="AAAA"'),
  ]
  for (const header of broken) expect(await ask(`${ADA}.cfg`, header), header).toMatch(/^HTTP\/1\.1 401 /)
})

test('the story tells that a phone was asked, answered wrongly, and by what it proved itself', async () => {
  await ask(`${ADA}.cfg`)
  await ask(`${ADA}.cfg`, answerTo(await askChallenge(), { user: ADA }).replace(/response="./, 'response="'))
  await ask(`${ADA}.cfg`, answerTo(await askChallenge()))
  await vi.waitFor(async () => {
    const { rows } = await site.database.query(
      `select distinct outcome, way from offhook.device_contacts c join offhook.devices d on d.id = c.device_id
       where d.mac = $1 and c.file = $2 and outcome not in ('token-unknown', 'not-released') order by outcome`,
      [ADA, `${ADA}.cfg`],
    )
    expect(rows).toEqual([
      { outcome: 'login-asked', way: null },
      { outcome: 'login-refused', way: null },
      { outcome: 'served', way: 'digest' },
    ])
  })
})

test('being asked first is no refusal of a phone that answered', async () => {
  await ask(`${ADA}.cfg`)
  await ask(`${ADA}.cfg`, answerTo(await askChallenge()))
  await vi.waitFor(async () => {
    const { contacts, last_refused } = await readStory(site.desk, site.desk.acme, ADA)
    expect(contacts.slice(0, 2).map(({ outcome }) => outcome)).toEqual(['served', 'login-asked'])
    expect(last_refused?.outcome).not.toBe('login-asked')
  })
  await ask('never-answered.cfg', `User-Agent: ${YEALINK}\r\n`)
  await ask(`${ADA}.cfg`)
  await vi.waitFor(async () => {
    const { last_refused } = await readStory(site.desk, site.desk.acme, ADA)
    expect(last_refused).toMatchObject({ outcome: 'login-asked', file: `${ADA}.cfg` })
  })
})

test('a new password ends the old one; a closed folder is like any other that nobody opened', async () => {
  const [given] = await givePasswords(
    site.desk,
    site.desk.acme,
    { deviceId: await site.idOf(ADA), renew: true },
    'test',
  )
  const old = passwords.get(ADA)!
  await vi.waitFor(async () =>
    expect((await fetchAs(ADA, given!.password.reveal(), `${ADA}.cfg`, '--digest'))[0]).toBe('200'),
  )
  expect((await fetchAs(ADA, old, `${ADA}.cfg`, '--digest'))[0]).toBe('401')
  const renewed = await openLoginPath(site.desk, site.desk.acme, true, 'test')
  await vi.waitFor(async () => expect(await ask(`${ADA}.cfg`)).toMatch(/^HTTP\/1\.1 404 /))
  expect(await ask(`${ADA}.cfg`, '', renewed)).toMatch(/^HTTP\/1\.1 401 /)
  await closeLoginPath(site.desk, site.desk.acme, 'test')
  expect(await readLoginPath(site.desk, site.desk.acme)).toBeNull()
  await vi.waitFor(async () => expect(await ask(`${ADA}.cfg`, '', renewed)).toMatch(/^HTTP\/1\.1 404 /))
})

test('nonces cost no memory until they are answered, and then within a bound', () => {
  let nowMs = 1_000
  const nonces = new Nonces(() => nowMs, 100)
  const some = Array.from({ length: 1_000 }, () => nonces.make())
  expect(nonces.size).toBe(0)
  expect(some.map((nonce) => nonces.check(nonce, 1))).toEqual(some.map(() => 'fresh'))
  expect(nonces.check(new Nonces(() => nowMs).make(), 1)).toBe('foreign')
  expect(
    nonces.check(
      some[0]!.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      1,
    ),
  ).toBe('foreign')
  nonces.use(some[0]!, 1)
  nowMs += 1_000
  for (const nonce of some.slice(1, 150)) nonces.use(nonce, 1)
  expect(nonces.size).toBeLessThanOrEqual(100)
  expect(nonces.check(some[0]!, 1)).toBe('stale')
  nowMs += 10
  const late = nonces.make()
  expect(nonces.check(late, 1)).toBe('fresh')
  nowMs += 6 * 60_000
  expect(nonces.check(late, 1)).toBe('stale')
})

test('any header is read or refused, and what a client wrote comes back', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `Digest ${text}`),
      ),
      (text) => {
        const read = parseAuthorization(text)
        expect(['basic', 'digest', undefined]).toContain(read?.scheme)
      },
    ),
  )
  const value = fc.string({ unit: 'grapheme-ascii', maxLength: 20 })
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), value, { maxKeys: 8 }), (parameters) => {
      const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`
      const header = `Digest ${Object.entries(parameters)
        .map(([name, text]) => `${name}=${quoted(text)}`)
        .join(', ')}`
      if (Object.keys(parameters).length === 0) return
      const read = parseAuthorization(header)
      expect(read?.scheme === 'digest' && Object.fromEntries(read.parameters)).toEqual({ ...parameters })
    }),
  )
})
