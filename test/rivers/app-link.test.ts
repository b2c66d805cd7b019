import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPool } from '../../src/db/pool.ts'
import type { RunningListener } from '../../src/http/listening.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import { startMailWorker } from '../../src/jobs/mail-worker.ts'
import { families, openSite, type Site } from '../boot/open-site.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { type RunningAsterisk, startAsterisk } from '../support/asterisk/start-asterisk.ts'
import { readPng, readQr } from '../support/read-qr.ts'
import { type Linphone, startLinphone } from '../support/sip/linphone.ts'
import { openSmtp, type TestSmtp } from '../support/smtp.ts'

let site: Site
let asterisk: RunningAsterisk
let http: RunningListener
let smtp: TestSmtp
let linphone: Linphone | undefined
const closing: { close(): Promise<unknown> }[] = []

beforeAll(async () => {
  const port = await findFreePorts(1)
  const phonesUrl = `http://127.0.0.1:${port}`
  site = await openSite(async ({ database, desk }) => {
    const { realm } = desk.installation
    asterisk = await startAsterisk({ database: database.asterisk, realm, tenants: ['acme'] })
    return { phonesUrl, sipHost: `127.0.0.1:${asterisk.sipPort}` }
  })
  const quiet = { info: () => undefined, warn: () => undefined }
  const common = { address: '127.0.0.1', port, answer: site.boot.answer, log: quiet }
  http = await startPhonesListener({ ...common, writeAccess: () => undefined })
  smtp = await openSmtp()
  const owner = createPool(site.database.url, 'owner')
  const office = {
    ...{ pool: owner, vault: site.desk.vault, publicUrl: 'https://pbx.example.org', sipHost: 'sip.example.org' },
    apps: { families, phonesUrl },
  }
  const sender = { name: 'Offhook', address: 'pbx@example.org', domain: 'example.org' }
  const url = site.database.url
  const worker = startMailWorker({ url, office, smtp: smtp.address, sender, log: quiet })
  closing.push(worker, { close: () => owner.end() })
})
afterAll(async () => {
  await linphone?.stop()
  for (const each of closing) await each.close()
  await smtp.stop()
  await http.close()
  await asterisk.stop()
  await site.close()
})

test('who is invited points the app’s camera at the mail, and is registered', async () => {
  const csv = 'extension,first_name,email,model\n1003,Cleo,cleo@example.org,Linphone\n1004,Dan,dan@example.org,\n'
  expect((await site.importPeople(csv)).problems).toEqual([])
  const mails = await smtp.until(2)
  const [cleo, dan] = ['cleo', 'dan'].map((name) => mails.find(({ to }) => to[0] === `${name}@example.org`)!)
  expect(dan!.parsed.attachments, 'who has no app gets no picture').toEqual([])
  const [png] = cleo!.parsed.attachments
  expect(png).toMatchObject({ mimeType: 'image/png', disposition: 'inline', contentId: '<app1>' })
  expect(cleo!.parsed.html).toContain('src="cid:app1"')
  const provisioningUrl = readQr(readPng(Buffer.from(png!.content as ArrayBuffer)))!
  expect(cleo!.parsed.text).toContain(`linphone-config:${provisioningUrl}`)

  linphone = await startLinphone({ provisioningUrl })
  await linphone.waitForRegistered()
  const { rows } = await site.database.query('select endpoint from asterisk.ps_contacts')
  expect(rows).toEqual([{ endpoint: '1003-acme' }])
  const own = await site.tokenOf('cleo@example.org/linphone')
  expect(JSON.stringify(cleo!.parsed)).not.toContain(own)
  await site.database.query(`update offhook.device_links set used_at = used_at - interval '3 minutes'`)
  expect((await fetch(provisioningUrl)).status).toBe(404)
  expect((await fetch(`http://127.0.0.1:${http.port}/${own}/linphone.xml`)).status).toBe(200)
}, 60_000)
