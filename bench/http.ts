import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listModels } from '../src/boot/list-models.ts'
import { loadFamilies } from '../src/boot/load-families.ts'
import { openInstallation } from '../src/db/installation.ts'
import { createPool } from '../src/db/pool.ts'
import { createTenant } from '../src/db/tenants.ts'
import { Secret } from '../src/model/secret.ts'
import { applyImport } from '../src/people/import-people.ts'
import { createVault } from '../src/secrets/vault.ts'
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts'
import { type Contestant, measure, type Round } from './http/load.ts'
import { startNginx } from './http/start-nginx.ts'
import { type Started, startOffhook } from './http/start-offhook.ts'
import { startPhoneprov } from './http/start-phoneprov.ts'
import { writePeopleFile } from './people-file.ts'
import type { BenchResult } from './result.ts'

const PHONES = 10_000
/** Asterisk reads these from a file: enough for the same work, few enough to start. */
const PHONEPROV_PHONES = 1_000
const ROUNDS = 5
const SECONDS = 2
const LEAST_RATIO = 0.5
const MOST_CPU_US_OVER_NGINX = 25

type Phone = { token: string; mac: string }
type Names = 'offhook' | 'nginx' | 'phoneprov'

/** Requests a second and CPU time of our listener of phones, beside nginx with the same bytes and Asterisk's own module. */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'offhook-http-'))
  const database = await createTestDatabase()
  const started: Started[] = []
  const start = async (server: Promise<Started>) => {
    started.push(await server)
    return started.at(-1)!
  }
  try {
    const key = randomBytes(24).toString('hex')
    const phones = await makePhones(database, key)
    const offhook = await start(startOffhook(folder, database.url, key))
    const root = join(folder, 'files')
    const sample = await storeFiles(offhook.port, phones, root)
    const nginx = await start(startNginx(folder, root))
    const some = phones.slice(0, PHONEPROV_PHONES)
    const macs = some.map(({ mac }) => mac)
    const phoneprov = await start(startPhoneprov(folder, database, macs, toTemplate(sample)))
    const pathsFile = await writePaths(folder, 'paths', phones.map(pathOf))
    const contestants = {
      offhook: { ...offhook, pathsFile },
      nginx: { ...nginx, pathsFile },
      phoneprov: { ...phoneprov, pathsFile: await writePaths(folder, 'phoneprov-paths', macs.map(phoneprovPath)) },
    }
    return [...compare(10, await contest(contestants, 10)), ...compare(100, await contest(contestants, 100))]
  } finally {
    for (const server of started) await server.stop()
    await database.close()
    await rm(folder, { recursive: true })
  }
}

async function makePhones(database: TestDatabase, key: string): Promise<Phone[]> {
  const vault = createVault(new Secret(key))
  const owner = { query: database.query } as never
  const pool = createPool(database.url, 'offhook_app')
  const desk = {
    ...{ pool, vault, installation: await openInstallation(owner, vault) },
    models: listModels(await loadFamilies()),
  }
  const tenant = await createTenant(owner, 'bench', 'Bench')
  const bytes = Buffer.from(writePeopleFile(PHONES))
  const { problems } = await applyImport(desk, {
    tenant,
    source: 'bench.csv',
    actor: 'bench',
    input: { kind: 'file', bytes },
    options: {},
  })
  if (problems.length > 0) throw new Error(`the people of the bench have problems: ${problems[0]!.message}`)
  await pool.end()
  const { rows } = await database.query('select id, mac, token from offhook.devices order by mac')
  return (rows as { id: number; mac: string; token: Buffer }[]).map(({ id, mac, token }) => {
    const place = { tenant: 'bench', table: 'offhook.devices', row: String(id), column: 'token' }
    return { mac, token: vault.open(token, place).reveal() }
  })
}

/** Fetches every phone's file once, which warms our memory, and writes the same bytes where nginx finds them. */
async function storeFiles(port: number, phones: readonly Phone[], root: string): Promise<Buffer> {
  let last = Buffer.alloc(0)
  for (const phone of phones) {
    const answer = await fetch(`http://127.0.0.1:${port}${pathOf(phone)}`)
    if (answer.status !== 200) throw new Error(`our listener answered ${answer.status}`)
    last = Buffer.from(await answer.arrayBuffer())
    await mkdir(join(root, phone.token), { recursive: true })
    await writeFile(join(root, phone.token, `${phone.mac}.cfg`), last)
  }
  return last
}

/** The same text with Asterisk's variables where our file differs from phone to phone. */
function toTemplate(sample: Buffer): string {
  return sample
    .toString()
    .replaceAll('$', '')
    .replace(/^(account\.1\.(?:user|auth)_name = ).*$/gm, '$1${USERNAME}')
    .replace(/^(account\.1\.password = ).*$/m, '$1${SECRET}')
    .replace(/^(account\.1\.display_name = ).*$/m, '$1${DISPLAY_NAME}')
    .replace(/^(account\.1\.label = ).*$/m, '$1${LABEL}')
    .replace(/^(account\.1\.sip_server\.1\.address = ).*$/m, '$1${SERVER}')
}

async function writePaths(folder: string, name: string, paths: string[]): Promise<string> {
  await writeFile(join(folder, name), `${paths.join('\n')}\n`)
  return join(folder, name)
}

function pathOf({ token, mac }: Phone): string {
  return `/${token}/${mac}.cfg`
}

function phoneprovPath(mac: string): string {
  return `/phoneprov/${mac}.cfg`
}

async function contest(contestants: Record<Names, Contestant>, connections: number): Promise<Record<Names, Round[]>> {
  const rounds: Record<Names, Round[]> = { offhook: [], nginx: [], phoneprov: [] }
  for (let round = -1; round < ROUNDS; round++) {
    for (const name of Object.keys(rounds) as Names[]) {
      const measured = await measure(contestants[name], connections, SECONDS, round + 2)
      // The first one only warms up.
      if (round >= 0) rounds[name].push(measured)
    }
  }
  return rounds
}

function compare(connections: number, rounds: Record<Names, Round[]>): BenchResult[] {
  const over = (name: Names, figure: keyof Round) => median(rounds[name].map((round) => round[figure]))
  const speed = (peer: Names, least: number): BenchResult => {
    const [ours, theirs] = [over('offhook', 'requestsPerS'), over(peer, 'requestsPerS')]
    const ratio = ours / theirs
    return {
      name: `HTTP, ${connections} connections, requests beside ${peer}`,
      ...{ ours: Math.round(ours), peer: Math.round(theirs), unit: 'requests/s', ratio: round2(ratio) },
      ...{ bar: least > 0 ? `>= ${least}` : 'none', pass: ratio >= least },
    }
  }
  const cpu = (peer: Names, most: number): BenchResult => {
    const [ours, theirs] = [over('offhook', 'cpuUs'), over(peer, 'cpuUs')]
    return {
      name: `HTTP, ${connections} connections, CPU of the server a request beside ${peer}`,
      ...{ ours: round2(ours), peer: round2(theirs), unit: 'µs', ratio: round2(ours / theirs) },
      ...{ bar: Number.isFinite(most) ? `ours - peer <= ${most}` : 'none', pass: ours - theirs <= most },
    }
  }
  return [
    speed('nginx', connections === 100 ? LEAST_RATIO : 0),
    cpu('nginx', MOST_CPU_US_OVER_NGINX),
    speed('phoneprov', 0),
    cpu('phoneprov', Infinity),
  ]
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}
