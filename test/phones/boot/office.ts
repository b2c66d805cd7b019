import type { RunningListener } from '../../../src/http/listening.ts'
import { startPhonesListener } from '../../../src/http/phones-listener.ts'
import { startTftpServer, type TftpServer } from '../../../src/tftp/server.ts'
import { openSite, type Site } from '../../boot/open-site.ts'
import { findFreePorts } from '../../support/asterisk/ports.ts'
import { startAsterisk, type RunningAsterisk } from '../../support/asterisk/start-asterisk.ts'
import { SipPhone } from '../../support/sip/phone.ts'
import type { Account, Phone } from './phone.ts'

/** A site whose phones register to a real Asterisk, with both of the phones' listeners. */
export type Office = {
  site: Site
  asterisk: RunningAsterisk
  http: RunningListener
  tftp: TftpServer
  /** Registers as the phone would, and returns what Asterisk then knows of the account. */
  register: (account: Account) => Promise<{ endpoint: string; user_agent: string }[]>
  close: () => Promise<void>
}

/** Opens an office with these phones on the desks of people with extensions from 1001 on, in their order. */
export async function openOffice(phones: readonly Phone[]): Promise<Office> {
  const port = await findFreePorts(1)
  let asterisk!: RunningAsterisk
  const site = await openSite(async ({ database, desk }) => {
    asterisk = await startAsterisk({
      ...{ database: database.asterisk, realm: desk.installation.realm },
      tenants: ['acme'],
    })
    return { phonesUrl: `http://127.0.0.1:${port}`, sipHost: `127.0.0.1:${asterisk.sipPort}` }
  })
  await site.database.query(`update offhook.tenants set tftp_configs = true where slug = 'acme'`)
  const common = { address: '127.0.0.1', answer: site.boot.answer, log: site.log }
  const http = await startPhonesListener({ ...common, port, writeAccess: () => undefined })
  const tftp = await startTftpServer({ ...common, port: 0, allow: ['127.0.0.0/8'] })
  const rows = phones.map(
    ({ mac, model }, at) => `${1001 + at},"O'Hara & <Söhne>",u${1001 + at},${mac ?? ''},${model}\n`,
  )
  const outcome = await site.importPeople(`extension,last_name,username,mac,model\n${rows.join('')}`)
  if (outcome.problems.length > 0) throw new Error(outcome.problems[0]!.message)
  return {
    ...{ site, asterisk, http, tftp },
    register: (account) => register(site, account),
    async close() {
      await http.close()
      await tftp.close()
      await asterisk.stop()
      await site.close()
    },
  }
}

async function register(site: Site, account: Account): Promise<{ endpoint: string; user_agent: string }[]> {
  const { host, port, transport, user, authUser, password, algorithm } = account
  // Every account of ours authenticates under its own name.
  if (authUser !== user) throw new Error('the user of authentication is another one')
  const phone = await SipPhone.open({ host, port, transport, user, password, ...(algorithm && { algorithm }) })
  try {
    await phone.register()
    const { rows } = await site.database.query<{ endpoint: string; user_agent: string }>(
      `select endpoint, user_agent from asterisk.ps_contacts where endpoint = $1`,
      [user],
    )
    await phone.unregister()
    return rows
  } finally {
    await phone.close()
  }
}
