import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { PASSWORD, Rows } from '../asterisk-conf/rows.ts'
import { startAsterisk, type RunningAsterisk } from './asterisk/start-asterisk.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { startBaresip } from './sip/baresip.ts'
import { startLinphone } from './sip/linphone.ts'
import { SipPhone } from './sip/phone.ts'

let database: TestDatabase
let asterisk: RunningAsterisk
let web: Server
let desk: SipPhone
const requests: (string | undefined)[] = []
const stopping: { stop(): Promise<void> }[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  const rows = new Rows(database)
  for (const number of ['1001', '1002', '1003']) {
    await rows.phone(`${number}-acme`)
    await rows.route('t-acme', number, `offhook-user,s,1(${number}-acme,20,)`)
  }
  // baresip 1.0 gives up at any challenge that is not MD5, even when an MD5 one stands beside it (re, sip/auth.c).
  await database.query(
    `update asterisk.ps_auths set supported_algorithms_uas = 'MD5', supported_algorithms_uac = 'MD5',
       password_digest = null, auth_type = 'userpass', password = $1 where id = '1003-acme'`,
    [PASSWORD],
  )
  asterisk = await startAsterisk({ database: database.asterisk, tenants: ['acme'] })
  web = createServer((request, response) => {
    requests.push(request.headers['user-agent'])
    const password = request.url === '/wrong.xml' ? 'wrong' : PASSWORD
    const transport = request.url === '/tls.xml' ? 'tls' : 'udp'
    response.writeHead(200, { 'content-type': 'application/xml' }).end(linphoneXml('1002-acme', password, transport))
  }).listen(0, '127.0.0.1')
  await once(web, 'listening')
  desk = await SipPhone.open({ host: asterisk.host, port: asterisk.sipPort, user: '1001-acme', password: PASSWORD })
  await desk.register()
})

afterEach(async () => {
  await Promise.all(stopping.splice(0).map((each) => each.stop()))
})

afterAll(async () => {
  await desk.close()
  web.close()
  await asterisk.stop()
  await database.close()
})

function linphoneXml(user: string, password: string, transport: 'udp' | 'tls'): string {
  // Linphone compares a certificate with names only, never with the addresses in it.
  const server = transport === 'udp' ? `127.0.0.1:${asterisk.sipPort}` : `localhost:${asterisk.sipTlsPort}`
  const entry = (name: string, value: string): string => `<entry name="${name}" overwrite="true">${value}</entry>`
  const account = entry('username', user) + entry('passwd', password) + entry('domain', '127.0.0.1')
  const proxy =
    entry('reg_proxy', `&lt;sip:${server};transport=${transport}&gt;`) +
    entry('reg_identity', `sip:${user}@127.0.0.1`) +
    entry('reg_sendregister', '1')
  return `<?xml version="1.0"?><config xmlns="http://www.linphone.org/xsds/lpconfig.xsd"><section name="sip">${entry('default_proxy', '0')}</section><section name="auth_info_0">${account}</section><section name="proxy_0">${proxy}</section></config>`
}

function provisioningUrl(file: string): string {
  return `http://127.0.0.1:${(web.address() as AddressInfo).port}/${file}`
}

interface Softphone {
  call(number: string): Promise<void>
  nextCall(): Promise<string>
  answer(): Promise<void>
  hangUp(): Promise<void>
  ended(): Promise<void>
  waitForTone(frequencyHz: number): Promise<void>
}

/** Both ways, both directions, and a refusal. */
async function expectCalls(softphone: Softphone, number: string, toneHz: number): Promise<void> {
  const calling = softphone.call('1001')
  const incoming = await (await desk.nextCall()).ring().answer({ tone: 880 })
  await calling
  expect(incoming.callerNumber).toBe(number)
  await Promise.all([incoming.waitForTone(toneHz), softphone.waitForTone(880)])
  await softphone.hangUp()
  await incoming.ended()
  const call = await desk.call(number, { tone: 660 })
  expect(await softphone.nextCall()).toContain('1001')
  await softphone.answer()
  await call.answered()
  await Promise.all([call.waitForTone(toneHz), softphone.waitForTone(660)])
  await call.hangUp()
  await softphone.ended()
  const refused = softphone.call('1001')
  const rejected = expect(refused).rejects.toThrow('expected 1001 to answer')
  ;(await desk.nextCall()).reject(486)
  await rejected
}

test('Linphone boots from a URL alone, calls and is called', async () => {
  const linphone = await startLinphone({ provisioningUrl: provisioningUrl('right.xml'), tone: 520 })
  stopping.push(linphone)
  expect(await linphone.waitForRegistered()).toContain('1002-acme')
  expect(requests.at(-1)).toMatch(/^(?:Linphonec|Unknown)/)
  await expectCalls(linphone, '1002', 520)
})

test('Linphone with a wrong password never says that it is registered', async () => {
  const linphone = await startLinphone({ provisioningUrl: provisioningUrl('wrong.xml') })
  stopping.push(linphone)
  await expect(linphone.waitForRegistered(2_000)).rejects.toThrow('expected Linphone to register within 2000 ms')
})

test('baresip takes an accounts and a config file, calls and is called', async () => {
  const account = `<sip:1003-acme@127.0.0.1:${asterisk.sipPort}>;auth_user=1003-acme;auth_pass=${PASSWORD};regint=300\n`
  const config = 'module_tmp account.so\nmodule_app menu.so\n'
  const baresip = await startBaresip({ files: { accounts: account, config }, tone: 560 })
  stopping.push(baresip)
  await baresip.waitForRegistered()
  await expectCalls(baresip, '1003', 560)
})

test('both register over TLS when they trust the certificate', async () => {
  const caFile = asterisk.certificateFile
  const linphone = await startLinphone({ provisioningUrl: provisioningUrl('tls.xml'), caFile })
  stopping.push(linphone)
  expect(await linphone.waitForRegistered()).toContain('1002-acme')
  const server = `127.0.0.1:${asterisk.sipTlsPort};transport=tls`
  const accounts = `<sip:1003-acme@${server}>;auth_user=1003-acme;auth_pass=${PASSWORD};regint=300\n`
  const config = 'module_tmp account.so\nmodule_app menu.so\n'
  const baresip = await startBaresip({ files: { accounts, config }, caFile })
  stopping.push(baresip)
  await baresip.waitForRegistered()
  const { rows } = await database.query(
    `select distinct endpoint from asterisk.ps_contacts where uri like '%transport=tls' order by endpoint`,
  )
  expect(rows).toEqual([{ endpoint: '1002-acme' }, { endpoint: '1003-acme' }])
})
