import { spawnSync } from 'node:child_process'
import { setStage } from '../../tftp/scenes/set-stage.ts'

/** Lets multicast go over the loopback of the namespace that this script runs in, and reads its order. */
export function setMulticastStage(): unknown {
  const { stage, order } = setStage()
  for (const args of [
    ['link', 'set', 'lo', 'multicast', 'on'],
    ['route', 'add', '224.0.0.0/4', 'dev', 'lo'],
    ...['127.0.0.2', '127.0.0.3'].map((address) => ['address', 'add', `${address}/8`, 'dev', 'lo']),
  ]) {
    const { status, stderr } = spawnSync(stage.ip, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`)
  }
  return order
}
