import { cpus } from 'node:os'
import { argv, stderr, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { formatTable } from '../src/cli/output.ts'
import { findAsterisk } from '../test/support/asterisk/installation.ts'
import { createTestDatabase } from '../test/support/database.ts'
import type { BenchResult } from './result.ts'

type Bench = { run: () => Promise<BenchResult[]> }

/** In the order in which they run: alone, one after another. */
const BENCHES: Record<string, () => Promise<Bench>> = {
  'read-people': () => import('./read-people.ts'),
  import: () => import('./import.ts'),
  'import-large': () => import('./import-large.ts'),
  'undo-large': () => import('./undo-large.ts'),
  calls: () => import('./calls.ts'),
  registration: () => import('./registration.ts'),
  tftp: () => import('./tftp.ts'),
  http: () => import('./http.ts'),
  'boot-storm': () => import('./boot-storm.ts'),
  'first-boot': () => import('./first-boot.ts'),
}

type Outcome = { bench: string; seconds: number; results: BenchResult[]; failure?: string }

/** `npm run bench -- [--json] [NAME…]`: exit code 1 when a bar is missed or a bench does not come to its end. */
async function runBenches(): Promise<void> {
  const { values, positionals } = parseArgs({
    args: argv.slice(2),
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const unknown = positionals.filter((name) => !(name in BENCHES))
  if (unknown.length > 0) {
    stderr.write(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}\n`)
    process.exitCode = 1
    return
  }
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES)
  const machine = await describeMachine()
  const headline = Object.values(machine).join(' · ')
  if (!values.json) stdout.write(`${headline}\n`)
  else stderr.write(`${headline}\n`)
  const outcomes: Outcome[] = []
  for (const name of names) {
    stderr.write(`${name} …\n`)
    outcomes.push(await runBench(name))
  }
  const pass = outcomes.every(({ results, failure }) => failure === undefined && results.every((result) => result.pass))
  stdout.write(values.json ? `${JSON.stringify({ machine, pass, benches: outcomes }, null, 2)}\n` : showAll(outcomes))
  process.exitCode = pass ? 0 : 1
}

async function runBench(bench: string): Promise<Outcome> {
  const startedMs = performance.now()
  const secondsSince = () => Math.round((performance.now() - startedMs) / 1000)
  try {
    const { run } = await BENCHES[bench]!()
    const results = await run()
    return { bench, seconds: secondsSince(), results }
  } catch (error) {
    return { bench, seconds: secondsSince(), results: [], failure: (error as Error).message }
  }
}

async function describeMachine(): Promise<Record<'cores' | 'node' | 'postgresql' | 'asterisk', string>> {
  const database = await createTestDatabase({ migrated: false })
  try {
    const { rows } = await database.query('show server_version')
    const [{ server_version: postgresql }] = rows as [{ server_version: string }]
    const model = cpus()[0]?.model.trim() ?? 'unknown'
    return {
      cores: `${cpus().length} × ${model}`,
      node: `Node ${process.versions.node}`,
      postgresql: `PostgreSQL ${postgresql}`,
      asterisk: `Asterisk ${(await findAsterisk()).version}`,
    }
  } finally {
    await database.close()
  }
}

function showAll(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap(({ bench, results, failure }) => [
    ...results.map((result) => [
      ...[bench, result.name, `${round(result.ours)} ${result.unit}`, `${round(result.peer)} ${result.unit}`],
      ...[round(result.ratio), result.bar, result.pass ? 'pass' : 'FAIL'],
    ]),
    ...(failure === undefined ? [] : [[bench, failure, '', '', '', '', 'FAIL']]),
  ])
  return `${formatTable([['bench', 'name', 'ours', 'peer or limit', 'ratio', 'bar', ''], ...rows])}\n`
}

/** Three significant digits, whole numbers whole. */
function round(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}

await runBenches()
