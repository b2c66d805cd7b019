import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { listModels } from '../src/boot/list-models.ts'
import { loadFamilies } from '../src/boot/load-families.ts'
import { openInstallation } from '../src/db/installation.ts'
import { createPool } from '../src/db/pool.ts'
import { createTenant, type Tenant } from '../src/db/tenants.ts'
import { Secret } from '../src/model/secret.ts'
import type { PeopleDesk } from '../src/people/desk.ts'
import { applyImport } from '../src/people/import-people.ts'
import { approveImport } from '../src/people/stored-imports/approve-import.ts'
import { createImport } from '../src/people/stored-imports/create-import.ts'
import { viewImport } from '../src/people/stored-imports/view-import.ts'
import { createVault } from '../src/secrets/vault.ts'
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts'
import { copyAgain } from './copy-rows.ts'
import { PHONE_TIMEOUT_MS, startTraffic } from './import/phone-traffic.ts'
import { readServerCpuS } from './import/server-cpu.ts'
import type { Report } from './import/serving-process.ts'
import { writePeopleFile } from './people-file.ts'
import type { BenchResult } from './result.ts'

const PEOPLE = 50_000
const PHONES = 1_000
const PHONE_REQUESTS_PER_S = 100
const MOST = { planS: 5, applyS: 15, memoryMb: 500, delayMs: 50 }
const LOOK_EVERY_MS = 50

/**
 * 50,000 people brought, planned and applied by the process that serves phones meanwhile. The limits hold for two cores
 * that nothing else uses; the CPU seconds tell what it took on a machine that is busy with something else.
 */
export async function run(): Promise<BenchResult[]> {
  const database = await createTestDatabase()
  const client = new pg.Client(database.url)
  await client.connect()
  try {
    const { measured, serverCpuS } = await serveAndImport(database, client)
    const copyS = await copyAgain(client)
    const { planS, applyS, planning, applying, traffic } = measured
    const under = (name: string, ours: number, limit: number, unit: string): BenchResult => ({
      ...{ name: `50,000 people: ${name}`, ours, peer: limit, unit, ratio: ours / limit, bar: '<= 1' },
      pass: ours <= limit,
    })
    const beside = (name: string, ours: number, peer: number, unit: string): BenchResult => ({
      ...{ name: `50,000 people: ${name}`, ours, peer, unit, ratio: ours / peer, bar: 'none', pass: true },
    })
    return [
      under('planned within', planS, MOST.planS, 's'),
      under('applied within', applyS, MOST.applyS, 's'),
      under('peak memory of the process that serves', applying.peakMb, MOST.memoryMb, 'MB'),
      under(
        'event-loop delay meanwhile, p99.9',
        Math.max(planning.delayP999Ms, applying.delayP999Ms),
        MOST.delayMs,
        'ms',
      ),
      {
        ...{ name: '50,000 people: phones not served meanwhile', ours: traffic.failed, peer: traffic.requests },
        ...{ unit: 'requests', ratio: traffic.failed / traffic.requests, bar: '<= 0', pass: traffic.failed === 0 },
      },
      beside('phones wait meanwhile, p99.9, beside their timeout', traffic.p999Ms, PHONE_TIMEOUT_MS, 'ms'),
      beside('applied, beside raw COPY of all rows', applyS, copyS, 's'),
      beside('CPU to plan, beside that of PostgreSQL', planning.cpuS, serverCpuS.planning, 's'),
      beside('CPU to apply, beside that of PostgreSQL', applying.cpuS, serverCpuS.applying, 's'),
    ]
  } finally {
    await client.end()
    await database.close()
  }
}

async function serveAndImport(database: TestDatabase, client: pg.Client) {
  const key = randomBytes(24).toString('hex')
  const owner = createPool(database.url, 'owner')
  const vault = createVault(new Secret(key))
  const desk: PeopleDesk = {
    ...{ pool: createPool(database.url, 'offhook_app'), vault, installation: await openInstallation(owner, vault) },
    models: listModels(await loadFamilies()),
  }
  const paths = await makePhones(desk, await createTenant(owner, 'known', 'Known'), database)
  const tenant = await createTenant(owner, 'large', 'Large')
  const program = join(import.meta.dirname, 'import', 'serving-process.ts')
  const server = fork(program, [JSON.stringify({ url: database.url, key })])
  try {
    const [port] = (await once(server, 'message')) as [number]
    const traffic = startTraffic(port, paths, PHONE_REQUESTS_PER_S)
    await sleep(1_000) // The thread of imports starts, and phones are known.
    await ask(server)
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const cpuAtS = [readServerCpuS(rows[0]!.pid)]
    const { id, planS } = await plan(desk, tenant)
    const planning = await ask(server)
    cpuAtS.push(readServerCpuS(rows[0]!.pid))
    const applyS = await apply(desk, tenant, id)
    const applying = await ask(server)
    cpuAtS.push(readServerCpuS(rows[0]!.pid))
    return {
      measured: { planS, applyS, planning, applying, traffic: await traffic.stop() },
      serverCpuS: { planning: cpuAtS[1]! - cpuAtS[0]!, applying: cpuAtS[2]! - cpuAtS[1]! },
    }
  } finally {
    server.kill()
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
    await Promise.all([owner.end(), desk.pool.end()])
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

async function plan(desk: PeopleDesk, tenant: Tenant): Promise<{ id: number; planS: number }> {
  const bytes = Buffer.from(writePeopleFile(PEOPLE))
  const startedAt = performance.now()
  const request = { tenant, source: 'people.csv', actor: 'bench', options: {} }
  const id = await createImport(desk, { ...request, input: { kind: 'file', bytes } })
  await become('planned', desk, tenant, id)
  return { id, planS: (performance.now() - startedAt) / 1000 }
}

async function apply(desk: PeopleDesk, tenant: Tenant, id: number): Promise<number> {
  const startedAt = performance.now()
  await approveImport(desk, tenant, id, { actor: 'bench' })
  await become('applied', desk, tenant, id)
  return (performance.now() - startedAt) / 1000
}

async function become(wanted: 'planned' | 'applied', desk: PeopleDesk, tenant: Tenant, id: number): Promise<void> {
  const before = wanted === 'planned' ? 'planning' : 'applying'
  for (;;) {
    const { state, note, counts } = await viewImport(desk, tenant, id)
    if (state === wanted) {
      if (!('new' in counts) || counts.new !== PEOPLE)
        throw new Error(`not everybody is new: ${JSON.stringify(counts)}`)
      return
    }
    if (state !== before) throw new Error(`the import is ${state}: ${note ?? 'no reason given'}`)
    await sleep(LOOK_EVERY_MS)
  }
}

async function ask(server: ChildProcess): Promise<Report> {
  server.send('report')
  const [report] = (await once(server, 'message')) as [Report]
  return report
}
