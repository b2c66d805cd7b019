import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { listModels } from '../../src/boot/list-models.ts'
import { loadFamilies } from '../../src/boot/load-families.ts'
import { type ImportState, isDue } from '../../src/db/imports.ts'
import { openInstallation } from '../../src/db/installation.ts'
import { createPool } from '../../src/db/pool.ts'
import { createTenant, type Tenant } from '../../src/db/tenants.ts'
import { Secret } from '../../src/model/secret.ts'
import type { PeopleDesk } from '../../src/people/desk.ts'
import { applyImport } from '../../src/people/import-people.ts'
import { approveImport } from '../../src/people/stored-imports/approve-import.ts'
import { createImport } from '../../src/people/stored-imports/create-import.ts'
import { viewImport } from '../../src/people/stored-imports/view-import.ts'
import { createVault } from '../../src/secrets/vault.ts'
import type { TestDatabase } from '../../test/support/database.ts'
import { writePeopleFile } from '../people-file.ts'
import { startTraffic } from './phone-traffic.ts'
import { readServiceFlags } from '../service-flags.ts'
import type { Ports, Report } from './serving-process.ts'

export const PEOPLE = 50_000
const PHONES = 1_000
const PHONE_REQUESTS_PER_S = 100
const LOOK_EVERY_MS = 50

export type LargeSite = {
  desk: PeopleDesk
  owner: pg.Pool
  tenant: Tenant
  ports: Ports
  traffic: ReturnType<typeof startTraffic>
  /** How the process that serves felt since it was asked last. */
  ask(): Promise<Report>
  close(): Promise<void>
}

/** A process that serves phones and the API and works on imports, phones that ask it, and a tenant without anybody. */
export async function openLargeSite(database: TestDatabase): Promise<LargeSite> {
  const key = randomBytes(24).toString('hex')
  const owner = createPool(database.url, 'owner')
  const vault = createVault(new Secret(key))
  const desk: PeopleDesk = {
    ...{ pool: createPool(database.url, 'offhook_app'), vault, installation: await openInstallation(owner, vault) },
    models: listModels(await loadFamilies()),
  }
  const paths = await makePhones(desk, await createTenant(owner, 'known', 'Known'), database)
  const tenant = await createTenant(owner, 'large', 'Large')
  const order = JSON.stringify({ url: database.url, key })
  const server = fork(join(import.meta.dirname, 'serving-process.ts'), [order], { execArgv: readServiceFlags() })
  const died = once(server, 'exit').then(() => Promise.reject(new Error('what serves has ended')))
  died.catch(() => undefined) // Once it is told to end, that is right.
  const [ports] = (await Promise.race([once(server, 'message'), died])) as [Ports]
  for (const path of paths) await (await fetch(`http://127.0.0.1:${ports.phones}${path}`)).arrayBuffer() // Phones are known.
  const traffic = startTraffic(ports.phones, paths, PHONE_REQUESTS_PER_S)
  await sleep(1_000) // The thread of imports has started.
  await ask(server)
  return {
    ...{ desk, owner, tenant, ports, traffic, ask: () => ask(server) },
    async close() {
      server.kill()
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
      await Promise.all([owner.end(), desk.pool.end()])
    },
  }
}

async function makePhones(desk: PeopleDesk, tenant: Tenant, database: TestDatabase): Promise<string[]> {
  const bytes = Buffer.from(writePeopleFile(PHONES, 1_000_000))
  const request = { tenant, source: 'phones.csv', actor: 'bench', options: {} }
  const { problems } = await applyImport(desk, { ...request, input: { kind: 'file', bytes } })
  if (problems.length > 0) throw new Error(`the phones of the bench have problems: ${problems[0]!.message}`)
  const { rows } = await database.query('select id, mac, token from offhook.devices')
  return (rows as { id: number; mac: string; token: Buffer }[]).map(({ id, mac, token }) => {
    const place = { tenant: tenant.slug, table: 'offhook.devices', row: String(id), column: 'token' }
    return `/${desk.vault.open(token, place).reveal()}/${mac}.cfg`
  })
}

/** Brings everybody and waits until they are planned. */
export async function plan({ desk, tenant }: LargeSite): Promise<{ id: number; planS: number }> {
  const bytes = Buffer.from(writePeopleFile(PEOPLE))
  const startedAt = performance.now()
  const request = { tenant, source: 'people.csv', actor: 'bench', options: {} }
  const id = await createImport(desk, { ...request, input: { kind: 'file', bytes } })
  await become('planned', desk, tenant, id)
  return { id, planS: (performance.now() - startedAt) / 1000 }
}

/** @returns seconds */
export async function apply({ desk, tenant }: LargeSite, id: number): Promise<number> {
  const startedAt = performance.now()
  await approveImport(desk, tenant, id, { actor: 'bench' })
  await become('applied', desk, tenant, id)
  return (performance.now() - startedAt) / 1000
}

/** Waits until nothing is due on the import, which must then be so, with everybody. */
export async function become(wanted: ImportState, desk: PeopleDesk, tenant: Tenant, id: number): Promise<void> {
  for (;;) {
    const { state, note, counts, kept } = await viewImport(desk, tenant, id)
    if (!isDue(state)) {
      if (state !== wanted) throw new Error(`the import is ${state}: ${note ?? 'no reason given'}`)
      if (!('new' in counts) || counts.new !== PEOPLE || kept.length > 0)
        throw new Error(`not everybody: ${JSON.stringify(counts)}`)
      return
    }
    await sleep(LOOK_EVERY_MS)
  }
}

async function ask(server: ChildProcess): Promise<Report> {
  server.send('report')
  const [report] = (await once(server, 'message')) as [Report]
  return report
}
