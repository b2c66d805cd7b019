import { join } from 'node:path'
import { userInfo } from 'node:os'
import type pg from 'pg'
import { pino } from 'pino'
import { parseAmiUrl } from './asterisk/ami/address.ts'
import { AmiClient } from './asterisk/ami/client.ts'
import { checkAsteriskColumns } from './asterisk/check-columns.ts'
import { loadFamilies } from './boot/load-families.ts'
import { listModels } from './boot/list-models.ts'
import { redirectAddresses } from './boot/redirect-address.ts'
import type { App } from './cli/app.ts'
import { createOutput } from './cli/output.ts'
import type { GlobalFlags } from './cli/program.ts'
import { describeConfig, readConfig } from './config.ts'
import { type EmbeddedPostgres, joinEmbeddedPostgres } from './db/embedded/embedded-postgres.ts'
import { endPool } from './db/end-pool.ts'
import { explainFailure } from './db/explain-failure.ts'
import { type Installation, openInstallation } from './db/installation.ts'
import { checkMigrations, migrate } from './db/migrate.ts'
import { createPool, inTransaction } from './db/pool.ts'
import { settlesWithin } from './db/settles-within.ts'
import { createTenant, findTenant } from './db/tenants.ts'
import { drainOutbox } from './jobs/drain-outbox.ts'
import { openAddresses } from './jobs/open-addresses.ts'
import { AppError } from './model/app-error.ts'
import { listAsteriskColumns } from './plan/tables.ts'
import { openClaimPhone } from './people/claims/open-claim-phone.ts'
import { readOrCreateKey } from './secrets/key-file.ts'
import { createVault } from './secrets/vault.ts'
import { openStoreFolder, StoreFolder } from './store/folder.ts'
import type { Shelf } from './store/shelf.ts'

/** How long a command waits for Asterisk before it leaves the telling to the server. */
const AMI_WAIT_MS = 5_000
const DEFAULT_TENANT = 'default'
const CLAIM_CONNECTIONS = 2
/**
 * How long a server that is told to stop waits for what was phones' last word, for statements under way, for the embedded
 * database, and for whatever else keeps the process. Supervisors kill after 10 seconds or 90.
 */
const STOP = { closeMs: 1_500, poolMs: 500, leaveMs: 2_000, lingerMs: 500 }

/**
 * Opens the parts of Offhook as they are asked for, each once, and closes those that were opened: the last one first, then
 * the connections to the database, then the database itself.
 */
export function openApp(flags: GlobalFlags): { app: App; close: () => Promise<void> } {
  const closers: (() => Promise<unknown>)[] = []
  const pools: pg.Pool[] = []
  let leave: (() => Promise<void>) | undefined
  let isServer = false
  const config = once(() => readConfig())
  const output = createOutput(flags.json)

  const server = once(async (): Promise<{ url: string }> => {
    const { databaseUrl, dataDir } = config()
    if (databaseUrl) return { url: databaseUrl.reveal() }
    const embedded: EmbeddedPostgres = await joinEmbeddedPostgres(dataDir)
    leave = () => embedded.leave()
    return embedded
  })
  const bringUpToDate = async () => {
    const { url } = await server()
    await checkAsterisk(url)
    return migrate(url)
  }
  const database = once(async () => {
    // The embedded database has nobody else to migrate it; a shared one is migrated when its operator says so.
    const { url } = await server()
    if (!config().databaseUrl) await bringUpToDate()
    else {
      await checkMigrations(url)
      await checkAsterisk(url)
    }
    return url
  })
  const pool = async (role: Parameters<typeof createPool>[1], max?: number): Promise<pg.Pool> => {
    const opened = createPool(await database(), role, max === undefined ? {} : { max })
    pools.push(opened)
    return opened
  }
  const owner = once(() => pool('owner', 4))
  const key = once(() => config().key ?? readOrCreateKey(join(config().dataDir, 'key')))
  const vault = once(() => createVault(key()))
  const installation = once(async (): Promise<Installation> => openInstallation(await owner(), vault()))
  const families = once(() => loadFamilies())
  const desk = once(async () => ({
    pool: await pool('offhook_app'),
    vault: vault(),
    installation: await installation(),
    models: listModels(await families()),
  }))
  const shelf = once(async (): Promise<Shelf> => ({
    ...{ pool: (await desk()).pool, families: await families() },
    folder: await openStoreFolder(config().storeDir),
  }))
  const ami = once(() => {
    const { amiUrl } = config()
    if (!amiUrl) return null
    const client = new AmiClient(parseAmiUrl(amiUrl.reveal()))
    closers.push(() => client.close())
    return client
  })
  const redirects = once(async () => {
    // Few commands speak to makers' services.
    const { openConnectors, openWire } = await import('./jobs/open-connectors.ts')
    const addresses = redirectAddresses(await families(), config().phonesUrl)
    const connect = openConnectors(vault(), openWire(openAddresses(config().webhooksAllow)))
    return { pool: await owner(), vault: vault(), addresses, connect }
  })
  const tenant = once(async () =>
    flags.tenant === DEFAULT_TENANT
      ? inTransaction(await owner(), null, (client) => createTenant(client, DEFAULT_TENANT, 'Default'))
      : findTenant(await owner(), flags.tenant),
  )
  // Commands keep standard output for their result.
  let logFile: 1 | 2 = 2
  const log = once(() => pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(logFile)))
  const boot = once(async () => {
    // Commands that only write people start without templates and their engine.
    const { openBoot } = await import('./boot/open-boot.ts')
    // Strangers ask for these: they must not keep people waiting for a connection.
    const strangers = { ...(await desk()), pool: await pool('offhook_app', CLAIM_CONNECTIONS) }
    const stored = new StoreFolder(config().storeDir)
    const opened = await openBoot({
      ...{ pool: await pool('offhook_phones'), url: await database(), vault: vault(), log: log() },
      openClaim: (phone) => openClaimPhone(strangers, phone),
      openStored: (sha256) => stored.open(sha256),
      ...{ families: await families(), phonesUrl: config().phonesUrl, sipHost: config().sipHost },
    })
    closers.push(() => opened.close())
    return opened
  })
  const app: App = {
    output,
    actor: `cli:${userInfo().username}`,
    describeConfig: () => describeConfig(),
    sipHost: () => config().sipHost,
    phonesUrl: () => config().phonesUrl,
    deviceCaDir: () => config().deviceCaDir,
    migrate: bringUpToDate,
    databaseUrl: database,
    families,
    owner,
    desk,
    shelf,
    tenant,
    boot,
    redirects,
    ami,
    async serve() {
      logFile = 1
      isServer = true
      const { serve } = await import('./serve.ts')
      await serve(app, config(), await database(), key(), log())
    },
    async tellAsterisk() {
      const client = ami()
      if (!client) return
      try {
        await client.whenReady(AMI_WAIT_MS)
        const { failed } = await drainOutbox(await owner(), client)
        if (failed > 0) output.progress('Asterisk did not take everything yet; offhook serve will try again.')
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        output.progress(`Asterisk is not told yet (${error.message}); offhook serve will do it.`)
      }
    },
  }
  return {
    app,
    async close() {
      // A command has all the time that it needs; a server is waited for by whoever stopped it.
      const inTime = (work: Promise<unknown>, ms: number) => (isServer ? settlesWithin(work, ms) : work)
      for (const closer of closers.reverse())
        if ((await inTime(closer(), STOP.closeMs)) === false)
          log().warn({}, 'what phones asked for last may be missing in their stories: there is no time to write it')
      await Promise.all(pools.map((opened) => (isServer ? endPool(opened, STOP.poolMs) : opened.end())))
      if (leave) await inTime(leave(), STOP.leaveMs)
      if (isServer) setTimeout(() => process.exit(), STOP.lingerMs).unref()
    },
  }
}

/** Tables of Asterisk's that were there before us may be older than what we need of them. */
async function checkAsterisk(url: string): Promise<void> {
  const pool = createPool(url, 'owner', { max: 1 })
  try {
    await checkAsteriskColumns(pool, listAsteriskColumns())
  } catch (error) {
    throw explainFailure(error)
  } finally {
    await pool.end()
  }
}

/** Runs `make` at the first call and gives its result to all. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
