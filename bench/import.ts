import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { createTestDatabase } from '../test/support/database.ts'
import { copyAgain, emptyAll } from './copy-rows.ts'
import { writePeopleFile } from './people-file.ts'
import type { BenchResult } from './result.ts'
import { readServiceFlags } from './service-flags.ts'

const PEOPLE = 10_000
const ROUNDS = 3
const MEMORY_MB = 300

/** Import of 10,000 people from bytes to commit, beside COPY of the very rows that it wrote into the same tables. */
export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'offhook-bench-'))
  const file = join(folder, 'people.csv')
  writeFileSync(file, writePeopleFile(PEOPLE))
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  try {
    await client.connect()
    const ours: number[] = []
    const peer: number[] = []
    let rssMb = 0
    for (let round = 0; round < ROUNDS; round++) {
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...readServiceFlags(),
        join(import.meta.dirname, 'import-once.ts'),
        database.url,
        file,
      ])
      const once = JSON.parse(stdout) as { ms: number; counts: { new: number }; rssMb: number }
      if (once.counts.new !== PEOPLE) throw new Error(`the import did not go through: ${stdout}`)
      ours.push(PEOPLE / (once.ms / 1000))
      rssMb = Math.max(rssMb, once.rssMb)
      peer.push(PEOPLE / (await copyAgain(client)))
      await emptyAll(client)
    }
    const [own, raw] = [median(ours), median(peer)]
    return [
      {
        ...{ name: 'import of 10,000 people against raw COPY of the same rows', unit: 'people/s', bar: '>= 0.15' },
        ...{ ours: own, peer: raw, ratio: own / raw, pass: own / raw >= 0.15 },
      },
      {
        ...{ name: 'memory of that import against its limit', unit: 'MB', bar: '<= 1' },
        ...{ ours: rssMb, peer: MEMORY_MB, ratio: rssMb / MEMORY_MB, pass: rssMb <= MEMORY_MB },
      },
    ]
  } finally {
    await client.end()
    await database.close()
    rmSync(folder, { recursive: true })
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
