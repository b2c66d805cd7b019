/**
 * Four TFTP servers under the same crowd of phones, in turns, inside a network namespace of its own, where port 69 is free
 * (dnsmasq serves on no other). Takes one JSON argument ({@link ContestOrder}), prints one JSON document.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { argv, stdout } from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { LoadOrder, LoadReport } from './load-client.ts'

export const CONTESTANTS = ['offhook', 'in.tftpd', 'atftpd', 'dnsmasq'] as const
export type Contestant = (typeof CONTESTANTS)[number]

export type ContestOrder = {
  programs: Record<'ip' | Exclude<Contestant, 'offhook'>, string>
  folder: string
  file: string
  works: { blockBytes: number | null; transfers: number; concurrent: number }[]
  rounds: number
}

/** Per work and contestant the reports of all rounds. */
export type ContestReport = Record<Contestant, LoadReport[]>[]

const PORTS: Record<Contestant, number> = { offhook: 7001, 'in.tftpd': 7002, atftpd: 7003, dnsmasq: 69 }

const order = JSON.parse(argv[2] ?? '') as ContestOrder
const { programs, folder, file, works, rounds } = order
const expected = `${folder}/${file}`

const COMMANDS: Record<Contestant, string[]> = {
  offhook: [process.execPath, fileURLToPath(new URL('serve.ts', import.meta.url)), String(PORTS.offhook), expected],
  'in.tftpd': [programs['in.tftpd'], '-L', '-a', `127.0.0.1:${PORTS['in.tftpd']}`, '-s', folder],
  atftpd: [
    programs.atftpd,
    ...['--daemon', '--no-fork', '--bind-address', '127.0.0.1', '--port', String(PORTS.atftpd)],
    ...['--user', 'root', '--group', 'root', '--maxthread', '1000', folder],
  ],
  dnsmasq: [
    programs.dnsmasq,
    ...['-k', '-C', '/dev/null', '--port=0', '--listen-address=127.0.0.1', '--user=root', '--log-facility=/dev/null'],
    ...['--enable-tftp', `--tftp-root=${folder}`, '--tftp-max=1000', '--pid-file'],
  ],
}

function start(contestant: Contestant): ChildProcess {
  const [program, ...args] = COMMANDS[contestant]
  return spawn(program!, args, { stdio: ['pipe', 'ignore', 'inherit'] })
}

async function load(contestant: Contestant, work: ContestOrder['works'][number]): Promise<LoadReport> {
  const client = fileURLToPath(new URL('load-client.ts', import.meta.url))
  const order: LoadOrder = { port: PORTS[contestant], file, expected, ...work }
  const child = spawn(process.execPath, [client, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [report] = await Promise.all([text(child.stdout), once(child, 'close')])
  return JSON.parse(report) as LoadReport
}

// in.tftpd resolves its address only where some address is not loopback's own (AI_ADDRCONFIG).
const network = spawnSync(programs.ip, ['-batch', '-'], {
  input: 'link set lo up\naddress add 192.0.2.1/32 dev lo\n',
  encoding: 'utf8',
})
if (network.status !== 0) throw new Error(`${programs.ip}: ${network.error?.message ?? network.stderr}`)
const servers = CONTESTANTS.map(start)
try {
  for (const contestant of CONTESTANTS) {
    const { failures } = await load(contestant, { blockBytes: null, transfers: 1, concurrent: 1 })
    if (failures > 0) throw new Error(`${contestant} does not serve`)
    // A server that runs for months is warm: caches, and for ours compiled code.
    await load(contestant, { blockBytes: 1428, transfers: 1000, concurrent: 100 })
  }
  const report: ContestReport = []
  for (const work of works) {
    const reports: ContestReport[number] = { offhook: [], 'in.tftpd': [], atftpd: [], dnsmasq: [] }
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < CONTESTANTS.length; turn++) {
        // Each round begins with another one, so that nobody always comes after the heaviest.
        const contestant = CONTESTANTS[(round + turn) % CONTESTANTS.length]!
        reports[contestant].push(await load(contestant, work))
      }
    }
    report.push(reports)
  }
  stdout.write(JSON.stringify(report))
} finally {
  for (const server of servers) server.kill()
}
