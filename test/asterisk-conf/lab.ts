import { startAsterisk, type RunningAsterisk } from '../support/asterisk/start-asterisk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { SipPhone } from '../support/sip/phone.ts'
import { PASSWORD, Rows } from './rows.ts'

/** Two tenants on a real Asterisk with the shipped configuration. */
export type Lab = {
  database: TestDatabase
  asterisk: RunningAsterisk
  rows: Rows
  /** A phone that is switched on and registered; closed by `closePhones`. */
  phone: (id: string) => Promise<SipPhone>
  /** A phone that has an account and has not registered. */
  silentPhone: (id: string) => Promise<SipPhone>
  closePhones: () => Promise<void>
  close: () => Promise<void>
}

/** `prepare` writes the rows that are there before Asterisk starts. */
export async function openLab(prepare: (rows: Rows) => Promise<void>): Promise<Lab> {
  const database = await createTestDatabase()
  const rows = new Rows(database)
  await prepare(rows)
  const asterisk = await startAsterisk({ database: database.asterisk, tenants: ['acme', 'beta'] })
  const phones: SipPhone[] = []
  const silentPhone = async (id: string): Promise<SipPhone> => {
    const phone = await SipPhone.open({ host: asterisk.host, port: asterisk.sipPort, user: id, password: PASSWORD })
    phones.push(phone)
    return phone
  }
  const closePhones = async (): Promise<void> => {
    for (const phone of phones.splice(0)) {
      if (phone.registration.registered) await phone.unregister()
      await phone.close()
    }
  }
  return {
    database,
    asterisk,
    rows,
    silentPhone,
    closePhones,
    phone: async (id) => {
      const phone = await silentPhone(id)
      await phone.register()
      return phone
    },
    close: async () => {
      await closePhones()
      await asterisk.stop()
      await database.close()
    },
  }
}

/** What the channel of a call is doing now, such as `VoiceMail(1002@acme,u)`; undefined when it does nothing. */
export async function runningApplication(asterisk: RunningAsterisk, name: string): Promise<string | undefined> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const channels = (await asterisk.cli('core show channels concise')).split('\n')
    // Channel!Context!Exten!Priority!State!Application!Data!… (cli.c: CONCISE_FORMAT_STRING)
    const fields = channels.map((line) => line.split('!')).find((parts) => parts[5] === name)
    if (fields) return `${fields[5]!}(${fields[6]!})`
  }
  return undefined
}
