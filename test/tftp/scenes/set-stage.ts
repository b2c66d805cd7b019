import { spawnSync } from 'node:child_process'
import { argv } from 'node:process'
import type { Stage } from '../namespace.ts'

/** Reads the scene's order, brings up loopback and lays the rules. Throws when a program refuses. */
export function setStage(): { stage: Stage; order: unknown } {
  const scene = JSON.parse(argv[2] ?? '') as { stage: Stage; order: unknown }
  must(scene.stage.ip, ['link', 'set', 'lo', 'up'])
  must(scene.stage.nft, ['-f', '-'], scene.stage.rules)
  return scene
}

/** How many packets the rules have dropped. */
export function countDropped(stage: Stage): number {
  const listing = must(stage.nft, ['list', 'ruleset'])
  return Number(/counter packets (\d+)/.exec(listing)?.[1] ?? 0)
}

function must(program: string, args: string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr}`)
  return stdout
}
