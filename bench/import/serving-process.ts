/**
 * What serves phones and plans and applies imports, as in service, in a process of its own that says how it feels. Takes
 * one {@link Order} as its argument; sends its port, and a {@link Report} for every message that it gets.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { argv } from 'node:process'
import { listModels } from '../../src/boot/list-models.ts'
import { loadFamilies } from '../../src/boot/load-families.ts'
import { openBoot } from '../../src/boot/open-boot.ts'
import { createPool } from '../../src/db/pool.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import { startImportWorker } from '../../src/jobs/import-worker.ts'
import type { Log } from '../../src/model/log.ts'
import { Secret } from '../../src/model/secret.ts'
import { createVault } from '../../src/secrets/vault.ts'

export type Order = { url: string; key: string }

/** Since the report before. */
export type Report = { delayP999Ms: number; cpuS: number; peakMb: number }

const { url, key } = JSON.parse(argv[2] ?? '') as Order
const complain = (fields: object, text: string) => console.error(text, fields)
const log: Log = { info: () => undefined, warn: complain, error: complain }
const families = await loadFamilies()
const boot = await openBoot({
  ...{ pool: createPool(url, 'offhook_phones'), url, vault: createVault(new Secret(key)), log, families },
  ...{ phonesUrl: 'http://phones.example.org', sipHost: 'pbx.example.org' },
})
const { port } = await startPhonesListener({
  ...{ address: '127.0.0.1', port: 0, answer: boot.answer, log, writeAccess: () => undefined },
})
startImportWorker({ url, key, models: listModels(families), log })

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
let cpu = process.cpuUsage()
process.on('message', () => {
  const { user, system } = process.cpuUsage(cpu)
  const peakMb = process.resourceUsage().maxRSS / 1024
  process.send!({ delayP999Ms: delay.percentile(99.9) / 1e6, cpuS: (user + system) / 1e6, peakMb } satisfies Report)
  delay.reset()
  cpu = process.cpuUsage()
})
process.send!(port)
