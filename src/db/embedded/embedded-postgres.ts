import { accessSync, constants, mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { AppError } from '../../model/app-error.ts'
import {
  type ClusterAccess,
  clusterPaths,
  initialise,
  readKnownAccess,
  readLogTail,
  startServer,
  stopServer,
} from './cluster.ts'
import { withLock } from './lock.ts'

const START_MS = 30_000
/** What passes by itself: after a kill -9 its children hold the shared memory for a moment, and a port may be taken. */
const PASSING = /shared memory|already in use|already exists/
const MOST_EXITS = 3
/** Every process that uses the server holds this lock shared; who gets it alone is the last one and stops the server. */
const USE_LOCK = 0x0ff0_0cde

/** A running embedded PostgreSQL that this process takes part in. */
export type EmbeddedPostgres = { url: string; leave(): Promise<void> }

/**
 * Joins the PostgreSQL server of a data folder, creating and starting it if need be. Several processes share one;
 * the last to leave stops it, and one that was killed leaves it running for the next.
 * @throws AppError `embedded-postgres-failed` with the server's own words.
 */
export async function joinEmbeddedPostgres(folder: string): Promise<EmbeddedPostgres> {
  const dataDir = resolve(folder)
  const paths = clusterPaths(dataDir)
  try {
    mkdirSync(paths.folder, { recursive: true, mode: 0o711 })
    accessSync(paths.folder, constants.W_OK)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const message = `The data folder ${dataDir} cannot be written (${code}). Set OFFHOOK_DATA_DIR to one that can.`
    throw new AppError('embedded-postgres-failed', message, { cause })
  }
  const { access, presence } = await withLock(paths.lock, () => connectOrStart(dataDir))
  return {
    url: toUrl(access),
    leave: () => leave(dataDir, presence),
  }
}

async function connectOrStart(dataDir: string): Promise<{ access: ClusterAccess; presence: pg.Client }> {
  const known = readKnownAccess(dataDir)
  const running = known && known.port > 0 ? await tryConnect(known) : null
  if (known && running) return { access: known, presence: running }
  await initialise(dataDir)
  const deadline = performance.now() + START_MS
  let server = await startServer(dataDir)
  for (let exits = 0; performance.now() < deadline;) {
    const presence = await tryConnect(server)
    if (presence) return { access: { port: server.port, password: server.password }, presence }
    await sleep(25)
    if (server.hasExited()) {
      if (++exits >= MOST_EXITS && !PASSING.test(readLogTail(dataDir))) break
      await sleep(500)
      server = await startServer(dataDir)
    }
  }
  const words = `The embedded PostgreSQL in ${dataDir} did not start. It said:\n${readLogTail(dataDir)}`
  throw new AppError('embedded-postgres-failed', words)
}

async function tryConnect(access: ClusterAccess): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: toUrl(access), connectionTimeoutMillis: 5_000, keepAlive: true })
  client.on('error', () => undefined) // a server that stops closes this connection; the next query of a pool tells
  try {
    await client.connect()
    await client.query('select pg_advisory_lock_shared($1)', [USE_LOCK])
    return client
  } catch {
    await client.end().catch(() => undefined)
    return null // not up yet, or another program took the port: either way not ours
  }
}

async function leave(dataDir: string, presence: pg.Client): Promise<void> {
  await withLock(clusterPaths(dataDir).lock, async () => {
    const alone = await presence
      .query<{ alone: boolean }>('select pg_advisory_unlock_shared($1), pg_try_advisory_lock($1) as alone', [USE_LOCK])
      .then(
        (answer) => answer.rows[0]!.alone,
        () => false,
      )
    await presence.end().catch(() => undefined)
    if (alone) await stopServer(dataDir)
  })
}

function toUrl(access: ClusterAccess): string {
  return `postgresql://offhook:${encodeURIComponent(access.password)}@127.0.0.1:${access.port}/postgres`
}
