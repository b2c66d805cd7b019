/**
 * What serves phones and the API and works on imports, as in service, in a process of its own that says how it feels. Takes
 * one {@link Order} as its argument; sends its {@link Ports}, and a {@link Report} for every message that it gets.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { argv } from 'node:process'
import { listModels } from '../../src/boot/list-models.ts'
import { loadFamilies } from '../../src/boot/load-families.ts'
import { openBoot } from '../../src/boot/open-boot.ts'
import { openInstallation } from '../../src/db/installation.ts'
import { createPool } from '../../src/db/pool.ts'
import { createApi } from '../../src/http/api/create-api.ts'
import { ROUTES } from '../../src/http/api/routes.ts'
import { trustProxies } from '../../src/http/client-address.ts'
import { startPeopleListener } from '../../src/http/people-listener.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import { startImportWorker } from '../../src/jobs/import-worker.ts'
import type { Log } from '../../src/model/log.ts'
import { Secret } from '../../src/model/secret.ts'
import { createVault } from '../../src/secrets/vault.ts'
import { openStoreFolder } from '../../src/store/folder.ts'

export type Order = { url: string; key: string }

export type Ports = { phones: number; people: number }

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
const models = listModels(families)
startImportWorker({ url, key, models, log })
const owner = createPool(url, 'owner')
const vault = createVault(new Secret(key))
const desk = { pool: createPool(url, 'offhook_app'), vault, installation: await openInstallation(owner, vault), models }
const folder = await openStoreFolder(mkdtempSync(join(tmpdir(), 'offhook-bench-')))
const site = {
  ...{ desk, owner, families, shelf: { pool: desk.pool, families, folder }, log },
  ...{ sipHost: 'pbx.example.org', phonesUrl: 'http://phones.example.org', ami: null },
}
const api = createApi(site, ROUTES, {
  addressOf: trustProxies([]),
})
const people = await startPeopleListener({ address: '127.0.0.1', port: 0, ready: {}, routers: [api] })

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
process.send!({ phones: port, people: people.port } satisfies Ports)
