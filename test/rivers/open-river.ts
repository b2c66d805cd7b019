import { setTimeout as pause } from 'node:timers/promises'
import { drainOutbox } from '../../src/jobs/drain-outbox.ts'
import { createPool } from '../../src/db/pool.ts'
import { openInstallation } from '../../src/db/installation.ts'
import { createTenant, type Tenant } from '../../src/db/tenants.ts'
import type { PeopleDesk } from '../../src/people/desk.ts'
import type { ImportOptions } from '../../src/people/open-import.ts'
import { SipPhone } from '../support/sip/phone.ts'
import { MODELS } from '../people/open-desk.ts'
import { importCsv } from '../people/import-csv.ts'
import { openPbx, type Pbx } from './open-pbx.ts'

/** A tenant `acme` whose people are edited in this process, beside a real Asterisk that is told of every change. */
export type River = {
  pbx: Pbx
  desk: PeopleDesk
  acme: Tenant
  /** Applies a list that must be free of problems, and tells Asterisk. @returns the number of the import */
  bring: (csv: string, options?: ImportOptions) => Promise<number>
  /** Tells Asterisk what is waiting for it. */
  tell: () => Promise<void>
  /** A phone on this account, registered unless `silent`. */
  phone: (account: string, options?: { silent?: boolean }) => Promise<SipPhone>
  closePhones: () => Promise<void>
  close: () => Promise<void>
}

export async function openRiver(): Promise<River> {
  const pbx = await openPbx()
  const pool = createPool(pbx.database.url, 'offhook_app')
  const installation = await openInstallation(pbx.owner, pbx.vault)
  const desk: PeopleDesk = { pool, vault: pbx.vault, installation, models: MODELS }
  const acme = await createTenant(pbx.owner, 'acme', 'Acme')
  const phones: SipPhone[] = []
  const tell = async () => {
    const { failed } = await drainOutbox(pbx.owner, pbx.ami)
    if (failed > 0) throw new Error('Asterisk did not take what it was told')
  }
  const closePhones = async () => {
    for (const phone of phones.splice(0)) {
      if (phone.registration.registered) await phone.unregister().catch(() => undefined)
      await phone.close()
    }
  }
  return {
    ...{ pbx, desk, acme, tell, closePhones },
    async bring(csv, options = {}) {
      const outcome = await importCsv(desk, acme, csv, { update: true, ...options })
      if (outcome.problems.length > 0) throw new Error(JSON.stringify(outcome.problems))
      await tell()
      return outcome.import!
    },
    async phone(account, { silent = false } = {}) {
      const password = (await pbx.readSecrets()).get(account)
      if (password === undefined) throw new Error(`there is no account ${account}`)
      const { host, sipPort: port } = pbx.asterisk
      const phone = await SipPhone.open({ host, port, user: account, password })
      phones.push(phone)
      if (!silent) await phone.register()
      return phone
    },
    async close() {
      await closePhones()
      await pool.end()
      await pbx.close()
    },
  }
}

/** Waits until something holds, at most ten seconds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 10_000
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`expected ${what}`)
    await pause(50)
  }
}
