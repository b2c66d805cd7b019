import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { getuid } from 'node:process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setStage } from '../../../tftp/scenes/set-stage.ts'
import type { Asking, Offered } from './dhcp-phone.ts'

export type LeaseOrder = { server: 'dnsmasq' | 'isc' | 'kea'; program: string; text: string; phones: Asking[] }
export type LeaseReport = { offers: Offered[]; said: string }

const { stage, order } = setStage()
const { server, program, text, phones } = order as LeaseOrder
const folder = await mkdtemp(join(tmpdir(), 'offhook-lease-'))

/** A DHCP server at one end of a cable, phones at the other. */
const phone = spawn(
  'unshare',
  [
    ...(getuid?.() === 0 ? [] : ['--map-root-user']),
    '--net',
    process.execPath,
    new URL('dhcp-phone.ts', import.meta.url).pathname,
  ],
  { stdio: ['pipe', 'pipe', 'inherit'] },
)
const lines = createInterface({ input: phone.stdout })[Symbol.asyncIterator]()
await lines.next()
ip('link', 'add', 'server', 'type', 'veth', 'peer', 'name', 'phone')
ip('link', 'set', 'phone', 'netns', String(phone.pid))
ip('address', 'add', '10.77.0.1/24', 'dev', 'server')
ip('link', 'set', 'server', 'up')
const there = ['-t', String(phone.pid), '--net', stage.ip]
must('nsenter', [...there, 'address', 'add', '10.77.0.2/24', 'dev', 'phone'])
must('nsenter', [...there, 'link', 'set', 'phone', 'up'])
must('nsenter', [...there, 'route', 'add', 'default', 'dev', 'phone'])

const { file, args } = await setUp()
const running = spawn(program, args, {
  stdio: ['ignore', 'pipe', 'pipe'],
  env: { ...process.env, KEA_PIDFILE_DIR: folder, KEA_LOCKFILE_DIR: 'none', KEA_LOGGER_DESTINATION: 'stderr' },
})
process.once('exit', () => running.kill('SIGKILL'))
let said = `${file}\n`
for (const stream of [running.stdout, running.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
phone.stdin.end(`${JSON.stringify(phones)}\n`)
const offers = JSON.parse((await lines.next()).value as string) as Offered[]
const ended = once(running, 'close')
running.kill('SIGKILL')
await ended
await rm(folder, { recursive: true })
const report: LeaseReport = { offers, said: said.slice(-4000) }
process.stdout.write(JSON.stringify(report))

/** The written text in a configuration that is otherwise an administrator's own. */
async function setUp(): Promise<{ file: string; args: string[] }> {
  const file = join(folder, 'dhcp.conf')
  const leases = join(folder, 'leases')
  await writeFile(leases, '')
  if (server === 'dnsmasq') {
    const own = 'port=0\ninterface=server\nbind-interfaces\ndhcp-range=10.77.0.20,10.77.0.250,1h\nno-ping\n'
    await writeFile(file, own + text)
    // -d: in the foreground, as whoever it is; nobody else is there in a namespace of an ordinary user.
    return { file, args: ['-d', `--conf-file=${file}`, `--dhcp-leasefile=${leases}`] }
  }
  if (server === 'isc') {
    await writeFile(
      file,
      `${text}\nsubnet 10.77.0.0 netmask 255.255.255.0 { range 10.77.0.20 10.77.0.250; ping-check off; }\n`,
    )
    return { file, args: ['-4', '-f', '-d', '-cf', file, '-lf', leases, '-pf', join(folder, 'pid'), 'server'] }
  }
  const written = JSON.parse(text.replaceAll(/^\/\/.*$/gm, '')) as { Dhcp4: object }
  const own = {
    'interfaces-config': { interfaces: ['server'] },
    'lease-database': { type: 'memfile', persist: false },
    subnet4: [{ id: 1, subnet: '10.77.0.0/24', pools: [{ pool: '10.77.0.20 - 10.77.0.250' }] }],
  }
  await writeFile(file, JSON.stringify({ Dhcp4: { ...own, ...written.Dhcp4 } }))
  return { file, args: ['-c', file] }
}

function ip(...args: string[]): void {
  must(stage.ip, args)
}

function must(command: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`)
}
