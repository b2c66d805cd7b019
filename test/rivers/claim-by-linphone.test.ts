import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Linphone, startLinphone } from '../support/sip/linphone.ts'
import { type ClaimSite, openClaims, until, type YealinkConfig } from './open-claims.ts'

const MAC = '001565000001'
/** A person listens before they key in. */
const LISTEN_MS = 2_000

let site: ClaimSite
let server: Server
let linphone: Linphone | null = null

beforeAll(async () => {
  site = await openClaims('extension,first_name\n1001,Ada\n')
  site.startWorker()
}, 60_000)
afterAll(async () => {
  await linphone?.stop()
  server.close()
  await site.close()
})

/** The account as Linphone reads it. */
function writeConfig({ host, port, user, password }: YealinkConfig): string {
  const section = (name: string, entries: Record<string, string>) =>
    `<section name="${name}">${Object.entries(entries)
      .map(([key, value]) => `<entry name="${key}" overwrite="true">${value}</entry>`)
      .join('')}</section>`
  const server = `${host}:${port}`
  return [
    '<?xml version="1.0" encoding="UTF-8"?><config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">',
    section('sip', { default_proxy: '0', use_info: '0', use_rfc2833: '1' }),
    section('proxy_0', {
      ...{
        reg_proxy: `&lt;sip:${server};transport=udp&gt;`,
        reg_identity: `sip:${user}@${server}`,
        reg_sendregister: '1',
      },
    }),
    section('auth_info_0', { username: user, userid: user, passwd: password }),
    '</config>',
  ].join('')
}

test('a phone with a SIP stack of its own is claimed from its keys', { timeout: 120_000 }, async () => {
  const code = await site.makeCode()
  const account = (await site.fetch(MAC))!
  server = createServer((_, response) => response.end(writeConfig(account)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  linphone = await startLinphone({ provisioningUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })
  expect(await linphone.waitForRegistered()).toContain(account.user)
  await linphone.call('*91')
  for (const keyed of [`${code}#`, '1001#']) {
    await pause(LISTEN_MS)
    await linphone.keyIn(keyed)
  }
  await linphone.ended(30_000)
  await until('the phone to get what is theirs', async () => (await site.fetch(MAC))?.user === '1001-acme')
})
