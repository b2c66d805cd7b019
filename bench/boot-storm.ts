import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { listModels } from '../src/boot/list-models.ts'
import { createPool } from '../src/db/pool.ts'
import { readDevice } from '../src/db/devices.ts'
import { applyImport } from '../src/people/import-people.ts'
import { hashDeviceToken } from '../src/secrets/device-token.ts'
import { openDesk } from '../test/people/open-desk.ts'
import { makeFleet, type Member, nameOf, writeFleetFile } from '../test/phones/fleet/make-fleet.ts'
import { spell } from '../test/phones/fleet/spell.ts'
import { families, familyOf } from '../test/phones/shipped.ts'
import { readDevices } from '../test/rivers/open-served-site.ts'
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts'
import { type Contestant, measure, type Round } from './http/load.ts'
import { startNginx } from './http/start-nginx.ts'
import { type Started, startOffhook } from './http/start-offhook.ts'
import type { BenchResult } from './result.ts'

const PHONES = 10_000
const CONNECTIONS = 100
const ROUNDS = 5
const SECONDS = 2
const LEAST_RATIO = 0.5

/** What a phone asks for with its token, in its order; `own` holds its account. */
type Boot = { token: string; asks: { path: string; status: 200 | 404; own: boolean }[] }

/**
 * A building of phones of all makers that boots: every file for the first time beside what PostgreSQL finds, then all
 * files, and whole sequences with what is not there, beside nginx with the same bytes.
 */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'offhook-storm-'))
  const database = await createTestDatabase()
  const started: Started[] = []
  try {
    const key = randomBytes(24).toString('hex')
    const boots = await makeBoots(database, key)
    const offhook = await startOffhook(folder, database.url, key)
    started.push(offhook)
    const found = await lookUpAll(database, boots)
    const root = join(folder, 'files')
    const first = await fetchFirst(offhook.port, boots)
    await storeAll(offhook.port, boots, root)
    const nginx = await startNginx(folder, root)
    started.push(nginx)
    const asks = boots.flatMap((boot) => boot.asks)
    const files = await write(
      folder,
      'files.txt',
      asks.flatMap(({ path, status }) => (status === 200 ? [path] : [])),
    )
    const sequences = await write(
      folder,
      'sequences.txt',
      asks.map(({ path, status }) => `${status} ${path}`),
    )
    return [
      compareFirst(first, found),
      ...compare('mixed families, files', await contest({ offhook, nginx }, files, 'random-phone'), LEAST_RATIO),
      ...compare('mixed families, whole boots', await contest({ offhook, nginx }, sequences, 'sequence'), 0),
    ]
  } finally {
    for (const server of started) await server.stop()
    await database.close()
    await rm(folder, { recursive: true })
  }
}

async function makeBoots(database: TestDatabase, key: string): Promise<Boot[]> {
  const desk = { ...(await openDesk(database, key)), models: listModels(families) }
  const fleet = makeFleet(PHONES)
  const { problems } = await applyImport(desk, {
    ...{ tenant: desk.acme, source: 'bench.csv', actor: 'bench', options: {} },
    input: { kind: 'file', bytes: Buffer.from(writeFleetFile(fleet)) },
  })
  if (problems.length > 0) throw new Error(`the people of the bench have problems: ${problems[0]!.message}`)
  const devices = await readDevices(database, desk)
  await desk.pool.end()
  return fleet.map((member) => makeBoot(member, devices.get(nameOf(member))!.token))
}

/** Without the company's phonebook: phones fetch it when they are up, and it would be nothing but bytes. */
function makeBoot({ phone }: Member, token: string): Boot {
  const files = familyOf(phone.family).files.filter(({ kind }) => kind !== 'book')
  const asks = files.map((file): Boot['asks'][number] => ({
    path: `/${token}/${spell(file, phone.mac)}`,
    status: file.kind === 'absent' ? 404 : 200,
    own: file.kind === 'device',
  }))
  return { token, asks }
}

/** Milliseconds that PostgreSQL takes to find all of them, asked by as many as ask us. */
async function lookUpAll(database: TestDatabase, boots: readonly Boot[]): Promise<number> {
  const pool = createPool(database.url, 'offhook_phones')
  const look = ({ token }: Boot) => readDevice(pool, { tokenSha256: hashDeviceToken(token) }, 60_000)
  const ms = await forEach(boots, async (boot) => {
    if ((await look(boot)) === null) throw new Error('a phone is not found')
  })
  await pool.end()
  return ms
}

/** Milliseconds for the first file with an account of every phone, none of which is in our memory. */
async function fetchFirst(port: number, boots: readonly Boot[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const ms = await forEach(boots, ({ asks }) => fetchOne(agent, port, asks.find(({ own }) => own)!.path))
  agent.destroy()
  return ms
}

/** Writes what we serve where nginx finds it. */
async function storeAll(port: number, boots: readonly Boot[], root: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  await forEach(boots, async ({ asks }) => {
    for (const { path, status } of asks) {
      if (status === 404) continue
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), await fetchOne(agent, port, path))
    }
  })
  agent.destroy()
}

async function forEach<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<number> {
  const queue = all.values()
  const beganAtMs = performance.now()
  const lane = async () => {
    for (const one of queue) await work(one)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, lane))
  return performance.now() - beganAtMs
}

function fetchOne(agent: Agent, port: number, path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get({ agent, host: '127.0.0.1', port, path }, (response) => {
      if (response.statusCode === 200) buffer(response).then(resolve, reject)
      else reject(new Error(`${path} was answered with ${response.statusCode}`))
    }).on('error', reject)
  })
}

async function write(folder: string, name: string, lines: string[]): Promise<string> {
  await writeFile(join(folder, name), `${lines.join('\n')}\n`)
  return join(folder, name)
}

type Rounds = Record<'offhook' | 'nginx', Round[]>

async function contest(
  servers: Record<keyof Rounds, Omit<Contestant, 'pathsFile'>>,
  pathsFile: string,
  order: 'random-phone' | 'sequence',
): Promise<Rounds> {
  const rounds: Rounds = { offhook: [], nginx: [] }
  for (let round = -1; round < ROUNDS; round++) {
    for (const name of ['offhook', 'nginx'] as const) {
      const measured = await measure({ ...servers[name], pathsFile }, CONNECTIONS, SECONDS, round + 2, order)
      // The first one only warms up.
      if (round >= 0) rounds[name].push(measured)
    }
  }
  return rounds
}

function compareFirst(firstMs: number, foundMs: number): BenchResult {
  const perS = (ms: number) => Math.round((PHONES / ms) * 1000)
  return {
    name: `boot storm, ${PHONES} phones that are in no memory, first file beside a look-up in PostgreSQL`,
    ...{ ours: perS(firstMs), peer: perS(foundMs), unit: 'files/s', ratio: round2(foundMs / firstMs) },
    ...{ bar: 'none', pass: true },
  }
}

function compare(what: string, rounds: Rounds, least: number): BenchResult[] {
  const over = (name: keyof Rounds, figure: keyof Round) => median(rounds[name].map((round) => round[figure]))
  const result = (name: string, figure: keyof Round, unit: string, bar: number): BenchResult => {
    const [ours, peer] = [over('offhook', figure), over('nginx', figure)]
    const [ratio, pass] = [round2(ours / peer), ours / peer >= bar]
    const limits = { bar: bar > 0 ? `>= ${bar}` : 'none', pass }
    return { name: `boot storm, ${what}, ${name}`, ours: round2(ours), peer: round2(peer), unit, ratio, ...limits }
  }
  return [
    result(`${CONNECTIONS} connections, requests beside nginx`, 'requestsPerS', 'requests/s', least),
    result('CPU of the server a request beside nginx', 'cpuUs', 'µs', 0),
  ]
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}
