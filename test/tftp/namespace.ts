import { fileURLToPath } from 'node:url'
import { getuid } from 'node:process'
import { bundle } from '../support/debian/bundle.ts'
import { run } from '../support/debian/run.ts'
import type { Programs } from './real-clients.ts'

/** What every scene gets: where the programs are, and the nftables rules of its network. */
export type Stage = { programs: Programs; ip: string; nft: string; rules: string }

/**
 * Runs a script of `scenes/`, or the one at an address, in a network namespace of its own, which ends with it, and returns the JSON that it prints.
 * Packet loss is made there by nftables, out of reach of anything else on the machine.
 */
export async function playScene<Report>(scene: string | URL, rules: string, order: object): Promise<Report> {
  const { program } = await bundle('tools')
  const stage: Stage = {
    programs: { tftp: program('tftp'), atftp: program('atftp'), curl: program('curl'), busybox: program('busybox') },
    ip: program('ip'),
    nft: program('nft'),
    rules,
  }
  const script = fileURLToPath(scene instanceof URL ? scene : new URL(`scenes/${scene}.ts`, import.meta.url))
  const isolate = getuid?.() === 0 ? ['--net'] : ['--map-root-user', '--net']
  const args = [...isolate, process.execPath, script, JSON.stringify({ stage, order })]
  const { status, stdout, stderr } = await run('unshare', args)
  if (status !== 0) throw new Error(`the scene ${String(scene)} ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as Report
}

/** Drops a share of all UDP packets; on loopback every packet of either direction comes in once. */
export function losing(percent: number): string {
  return chain(`meta l4proto udp numgen random mod 100 < ${percent} counter drop`)
}

export function chain(rule: string): string {
  return `table inet test { chain incoming { type filter hook input priority 0; ${rule}; }; }`
}
