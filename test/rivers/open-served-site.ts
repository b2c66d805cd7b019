import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { listModels } from '../../src/boot/list-models.ts'
import { openBoot, type Boot } from '../../src/boot/open-boot.ts'
import { createPool } from '../../src/db/pool.ts'
import { applyImport } from '../../src/people/import-people.ts'
import type { Tenant } from '../../src/db/tenants.ts'
import type { PeopleDesk } from '../../src/people/desk.ts'
import { type Running, startOffhook } from '../cli/run-offhook.ts'
import { openDesk } from '../people/open-desk.ts'
import { families } from '../phones/shipped.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openTcpGate, type TcpGate } from '../support/tcp-gate.ts'

export type Device = { id: number; token: string }

/** `offhook serve` as a process of its own over a PostgreSQL of its own, with people of one tenant in it. */
export type ServedSite = {
  database: TestDatabase
  desk: PeopleDesk
  tenant: Tenant
  /** The way of the server to its database; everybody else takes another one. */
  gate: TcpGate
  /** Where phones ask. */
  port: number
  origin: string
  pid: number
  /** Devices by MAC address, and by the number of their first line where they have none. */
  devices: ReadonlyMap<string, Device>
  /** The same second river over the same database in this process: what the server has to serve. */
  openTwin: () => Promise<{ boot: Boot; close: () => Promise<void> }>
  /** Opens a window for everybody, and waits until the server has heard of it. */
  releaseAll: (probe: string) => Promise<void>
  /** Memory of the server now. */
  rssMiB: () => number
  close: () => Promise<void>
}

const STOP_WITHIN_MS = 90_000
const SIP_HOST = 'pbx.example.org:5060'

export async function openServedSite(csv: string): Promise<ServedSite> {
  const database = await createTestDatabase()
  const key = randomBytes(24).toString('hex')
  const desk = { ...(await openDesk(database, key)), models: listModels(families) }
  const { acme: tenant } = desk
  const { problems } = await applyImport(desk, {
    ...{ tenant, source: 'people.csv', actor: 'test', options: {} },
    input: { kind: 'file', bytes: Buffer.from(csv) },
  })
  if (problems.length > 0) throw new Error(`the list has problems: ${problems[0]!.message}`)
  const gate = await openTcpGate(database.asterisk.port)
  const people = await findFreePorts(2)
  const port = people + 1
  const origin = `http://127.0.0.1:${port}`
  const server = startOffhook(['serve'], {
    ...{ DATABASE_URL: database.url.replace(`:${database.asterisk.port}/`, `:${gate.port}/`), OFFHOOK_KEY: key },
    ...{ OFFHOOK_HTTP_PORT: String(people), OFFHOOK_PHONES_PORT: String(port), OFFHOOK_SIP_HOST: SIP_HOST },
  })
  await until('offhook to serve', async () => {
    if (server.child.exitCode !== null) throw new Error((await server.ended).stderr)
    return (await statusOf(`${origin}/x`)) === 404
  })
  const pid = server.child.pid!
  return {
    ...{ database, desk, tenant, gate, port, origin, pid, devices: await readDevices(database, desk) },
    async openTwin() {
      const pool = createPool(database.url, 'offhook_phones')
      const log = { info: () => undefined, warn: () => undefined }
      const boot = await openBoot({
        ...{ pool, url: database.url, vault: desk.vault, families, log, phonesUrl: origin, sipHost: SIP_HOST },
      })
      return {
        boot,
        close: async () => {
          await boot.close()
          await pool.end()
        },
      }
    },
    async releaseAll(probe) {
      await database.query(
        `insert into offhook.release_windows (tenant_id, device_id, closes_at, opened_by)
         values ($1, null, now() + interval '1 hour', 'test')`,
        [tenant.id],
      )
      await until('the window to be heard of', async () => (await statusOf(`${origin}/${probe}`)) === 200)
    },
    rssMiB: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024,
    async close() {
      await stop(server)
      await desk.pool.end()
      await gate.close()
      await database.close()
    },
  }
}

/** Tells it to end. @throws with what it said last when it does not in time */
async function stop({ child, ended }: Running): Promise<void> {
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  const { stdout } = await ended
  clearTimeout(late)
  if (child.signalCode === 'SIGKILL')
    throw new Error(`offhook did not stop within ${STOP_WITHIN_MS} ms; it said ${stdout.slice(-2_000)}`)
}

/** Waits until a condition holds; an error that names it when it does not in time. */
export async function until(what: string, holds: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  const untilMs = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > untilMs) throw new Error(`waited in vain for ${what}`)
    await pause(100)
  }
}

function statusOf(url: string): Promise<number> {
  return fetch(url).then(
    ({ status }) => status,
    () => 0,
  )
}

/** Ids and tokens of all devices. */
export async function readDevices(database: TestDatabase, { vault }: PeopleDesk): Promise<Map<string, Device>> {
  const { rows } = await database.query(
    `select d.id, coalesce(d.mac, x.number) as name, d.token, t.slug from offhook.devices d
     join offhook.tenants t on t.id = d.tenant_id join offhook.lines l on l.device_id = d.id and l.position = 1
     join offhook.endpoints e on e.id = l.endpoint_id join offhook.extensions x on x.id = e.extension_id`,
  )
  return new Map(
    (rows as { id: number; name: string; token: Buffer; slug: string }[]).map(({ id, name, token, slug }) => {
      const place = { tenant: slug, table: 'offhook.devices', row: String(id), column: 'token' }
      return [name, { id, token: vault.open(token, place).reveal() }]
    }),
  )
}
