import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts CPU time of processes in these (proc(5)). */
const TICKS_PER_S = 100

/** CPU seconds that the PostgreSQL server of this backend has used so far, in all its processes. */
export function readServerCpuS(backendPid: number): number {
  const postmaster = readStat(backendPid)!.parent
  const own = readStat(postmaster)!
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? [])
    .filter(({ parent }) => parent === postmaster)
  return children.reduce((sum, { ticks }) => sum + ticks, own.ticks + own.endedTicks) / TICKS_PER_S
}

/** The fields after the name, which may hold spaces; null for a process that has just ended. */
function readStat(pid: number) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [parent, user, system, endedUser, endedSystem] = [fields[1]!, ...fields.slice(11, 15)] as number[]
    return { parent: parent!, ticks: user! + system!, endedTicks: endedUser! + endedSystem! }
  } catch {
    return null
  }
}
