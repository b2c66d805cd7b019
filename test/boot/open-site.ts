import { openBoot, type Boot, type BootOptions } from '../../src/boot/open-boot.ts'
import { listModels } from '../../src/boot/list-models.ts'
import { loadFamilies } from '../../src/boot/load-families.ts'
import { createPool } from '../../src/db/pool.ts'
import type { Tenant } from '../../src/db/tenants.ts'
import type { Log } from '../../src/model/log.ts'
import type { PhoneAnswer, PhoneRequest } from '../../src/model/phone-request.ts'
import type { PeopleDesk } from '../../src/people/desk.ts'
import { findDevice } from '../../src/people/find-device.ts'
import { applyImport } from '../../src/people/import-people.ts'
import type { Family } from '../../src/phones/family.ts'
import { openDesk } from '../people/open-desk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openTcpGate, type TcpGate } from '../support/tcp-gate.ts'

type ImportOptions = Parameters<typeof applyImport>[1]['options']
type ImportOutcome = Awaited<ReturnType<typeof applyImport>>

export type LogLine = { level: string; fields: Record<string, unknown>; message: string }

/** A database with people in it and the second river over it, as the composition root puts them together. */
export type Site = {
  database: TestDatabase
  desk: PeopleDesk & { acme: Tenant; zeta: Tenant }
  boot: Boot
  log: Log
  lines: LogLine[]
  /** The way of the second river to the database; people take another one. */
  gate: TcpGate
  /** Moves the clock of the releases forward. */
  advance: (ms: number) => void
  importPeople: (csv: string, options?: ImportOptions, tenant?: Tenant) => Promise<ImportOutcome>
  /** Device token of a phone, by MAC address or name. */
  tokenOf: (text: string, tenant?: Tenant) => Promise<string>
  idOf: (text: string, tenant?: Tenant) => Promise<number>
  /** Opens a release window by plain SQL; `deviceId` null for the whole tenant. */
  release: (tenant: Tenant, deviceId: number | null, minutes?: number) => Promise<void>
  ask: (request: Partial<PhoneRequest>) => Promise<PhoneAnswer | null>
  close: () => Promise<void>
}

export const families = await loadFamilies()

type Ground = Pick<Site, 'database' | 'desk'>

/** Opens a site on a fresh database. `choose` may need what is there before phones are served: an Asterisk's port. */
export async function openSite(
  choose: (ground: Ground) => Promise<Partial<BootOptions>> = noChoice,
  known: readonly Family[] = families,
): Promise<Site> {
  const database = await createTestDatabase()
  const desk = { ...(await openDesk(database)), models: listModels(known) }
  const gate = await openTcpGate(database.asterisk.port)
  const url = database.url.replace(`:${database.asterisk.port}/`, `:${gate.port}/`)
  const pool = createPool(url, 'offhook_phones')
  const lines: LogLine[] = []
  const log = collectLog(lines)
  let advancedMs = 0
  const boot = await openBoot({
    ...{ pool, url, vault: desk.vault, families: known, log },
    ...{ phonesUrl: 'http://phones.example.org:8081', sipHost: 'pbx.example.org' },
    clock: () => performance.now() + advancedMs,
    ...(await choose({ database, desk })),
  })
  const idOf = async (text: string, tenant = desk.acme) => Number((await findDevice(desk, tenant, text)).device['id'])
  return {
    ...{ database, desk, boot, log, lines, gate, idOf },
    advance: (ms) => void (advancedMs += ms),
    importPeople: (csv, importOptions = {}, tenant = desk.acme) =>
      applyImport(desk, {
        ...{ tenant, source: 'people.csv', actor: 'test' },
        ...{ input: { kind: 'file', bytes: Buffer.from(csv) }, options: importOptions },
      }),
    tokenOf: async (text, tenant = desk.acme) => {
      const { device } = await findDevice(desk, tenant, text)
      return boot.addressOf(device).split('/').at(-2)!
    },
    release: async (tenant, deviceId, minutes = 10) => {
      await database.query(
        `insert into offhook.release_windows (tenant_id, device_id, closes_at, opened_by)
         values ($1, $2, now() + make_interval(mins => $3), 'test')`,
        [tenant.id, deviceId, minutes],
      )
    },
    ask: async (request) =>
      boot.answer({ transport: 'http', token: null, file: '', userAgent: '', address: '127.0.0.1', ...request }),
    close: async () => {
      await boot.close()
      await pool.end()
      await desk.pool.end()
      await gate.close()
      await database.close()
    },
  }
}

function noChoice(): Promise<Partial<BootOptions>> {
  return Promise.resolve({})
}

function collectLog(lines: LogLine[]): Log {
  const say = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields: fields as Record<string, unknown>, message })
  return { info: say('info'), warn: say('warn'), error: say('error') }
}
