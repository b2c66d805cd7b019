import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type Site } from '../boot/open-site.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import type { RunningListener } from '../../src/http/listening.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { type RunningAsterisk, startAsterisk } from '../support/asterisk/start-asterisk.ts'
import { type Linphone, startLinphone } from '../support/sip/linphone.ts'

let site: Site
let asterisk: RunningAsterisk
let http: RunningListener
let linphone: Linphone | undefined
beforeAll(async () => {
  const port = await findFreePorts(1)
  site = await openSite(async ({ database, desk }) => {
    asterisk = await startAsterisk({
      ...{ database: database.asterisk, realm: desk.installation.realm },
      tenants: ['acme'],
    })
    return { phonesUrl: `http://127.0.0.1:${port}`, sipHost: `127.0.0.1:${asterisk.sipPort}` }
  })
  const common = { address: '127.0.0.1', port, answer: site.boot.answer, log: site.log }
  http = await startPhonesListener({ ...common, writeAccess: () => undefined })
})
afterAll(async () => {
  await linphone?.stop()
  await http.close()
  await asterisk.stop()
  await site.close()
})

test('an imported person pastes one address into Linphone and is registered', async () => {
  const outcome = await site.importPeople(
    'extension,first_name,last_name,username,model\n1003,Cleo,Clark,cleo,Linphone\n',
  )
  expect(outcome.problems).toEqual([])
  const provisioningUrl = `http://127.0.0.1:${http.port}/${await site.tokenOf('cleo/linphone')}/linphone.xml`
  linphone = await startLinphone({ provisioningUrl })
  await linphone.waitForRegistered()
  const { rows } = await site.database.query(`select endpoint from asterisk.ps_contacts`)
  expect(rows).toEqual([{ endpoint: '1003-acme' }])
})
