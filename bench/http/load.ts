import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundle } from '../../test/support/debian/bundle.ts'
import { runOrThrow } from '../../test/support/debian/run.ts'

/** A server under load: where it is, which paths it knows, and whose CPU time counts. */
export type Contestant = { port: number; pid: number; pathsFile: string }

export type Round = { requestsPerS: number; cpuUs: number; p99Ms: number }

/** How wrk goes through the paths: any of them, or phone by phone, each with a status before it. */
type Order = 'random-phone' | 'sequence'

/** Linux counts CPU time of processes in these (proc(5)). */
const TICKS_PER_S = 100

/**
 * Asks for random phones over so many connections for a while. `cpuUs` is the server's CPU time for one request.
 * @throws when one answer was not what a phone needs
 */
export async function measure(
  contestant: Contestant,
  connections: number,
  seconds: number,
  seed: number,
  order: Order = 'random-phone',
): Promise<Round> {
  const { program } = await bundle('tools')
  const { port, pid, pathsFile } = contestant
  const script = fileURLToPath(new URL(`${order}.lua`, import.meta.url))
  const before = readCpuTicks(pid)
  const said = await runOrThrow(program('wrk'), [
    ...['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '5s', '-s', script],
    ...[`http://127.0.0.1:${port}`, '--', pathsFile, String(seed)],
  ])
  const ticks = readCpuTicks(pid) - before
  const json = said.trimEnd().split('\n').at(-1)!
  const report = JSON.parse(json) as { requests: number; us: number; p99Us: number; errors: number }
  if (report.errors > 0) throw new Error(`${report.errors} of ${report.requests} requests to port ${port} failed`)
  return {
    requestsPerS: report.requests / (report.us / 1e6),
    cpuUs: ((ticks / TICKS_PER_S) * 1e6) / report.requests,
    p99Ms: report.p99Us / 1000,
  }
}

/** User and system time of all threads: fields 14 and 15, counted after the name, which may hold spaces. */
function readCpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return Number(fields[11]) + Number(fields[12])
}
