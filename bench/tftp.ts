import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { fileURLToPath } from 'node:url'
import { bundle } from '../test/support/debian/bundle.ts'
import { runOrThrow } from '../test/support/debian/run.ts'
import type { BenchResult } from './result.ts'
import type { Contestant, ContestOrder, ContestReport } from './tftp/contest.ts'

const FILE_BYTES = 8192
const ROUNDS = 7

const WORKS = [
  { blockBytes: 1428, transfers: 3000, concurrent: 100 },
  { blockBytes: null, transfers: 2000, concurrent: 100 },
]

/** dnsmasq, one process in C without threads, is there for scale: no bar is set against it. */
const PEERS: { peer: Exclude<Contestant, 'offhook'>; bar: string; least: number }[] = [
  { peer: 'in.tftpd', bar: '> 1', least: 1 },
  { peer: 'atftpd', bar: '>= 1', least: 1 },
  { peer: 'dnsmasq', bar: 'none', least: 0 },
]

/** Completed transfers a second of 100 phones at once, each 8 KiB, beside three servers that people use. Needs root for in.tftpd. */
export async function run(): Promise<BenchResult[]> {
  const report = await contest()
  return WORKS.flatMap((work, index) => {
    const speeds = (of: Contestant) =>
      median(report[index]![of].map(({ ms, failures }) => ((work.transfers - failures) / ms) * 1000))
    const ours = speeds('offhook')
    const clean = report[index]!.offhook.every(({ failures }) => failures === 0)
    const options = work.blockBytes === null ? 'no options' : `blksize ${work.blockBytes}`
    return PEERS.map(({ peer, bar, least }): BenchResult => {
      const theirs = speeds(peer)
      const ratio = ours / theirs
      return {
        name: `TFTP, ${work.concurrent} phones at once, 8 KiB, ${options}, beside ${peer}`,
        ours: Math.round(ours),
        peer: Math.round(theirs),
        unit: 'transfers/s',
        ratio: Math.round(ratio * 100) / 100,
        bar,
        pass: clean && ratio >= least,
      }
    })
  })
}

async function contest(): Promise<ContestReport> {
  const { program } = await bundle('tools')
  const folder = await mkdtemp(join(tmpdir(), 'offhook-tftp-'))
  try {
    await chmod(folder, 0o755)
    await writeFile(join(folder, 'phone.cfg'), randomBytes(FILE_BYTES), { mode: 0o644 })
    const programs = {
      ip: program('ip'),
      'in.tftpd': program('in.tftpd'),
      atftpd: program('atftpd'),
      dnsmasq: program('dnsmasq'),
    }
    const order: ContestOrder = { programs, folder, file: 'phone.cfg', works: WORKS, rounds: ROUNDS }
    const script = fileURLToPath(new URL('tftp/contest.ts', import.meta.url))
    const isolate = getuid?.() === 0 ? ['--net'] : ['--map-root-user', '--net']
    const json = await runOrThrow('unshare', [...isolate, process.execPath, script, JSON.stringify(order)])
    return JSON.parse(json) as ContestReport
  } finally {
    await rm(folder, { recursive: true })
  }
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
