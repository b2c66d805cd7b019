import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../../model/app-error.ts'
import { findPostgres, UNPRIVILEGED_ID, withoutRoot } from './binaries.ts'
import { isRunning } from './lock.ts'

const run = promisify(execFile)

/** Where the running server listens. The password protects against other accounts of the same machine. */
export type ClusterAccess = { port: number; password: string }

/** Paths of one embedded cluster inside the data folder. */
export function clusterPaths(dataDir: string) {
  const folder = join(dataDir, 'postgres')
  return {
    folder,
    cluster: join(folder, 'cluster'),
    access: join(folder, 'access.json'),
    log: join(folder, 'postgres.log'),
    lock: join(folder, 'lock'),
  }
}

/** Creates the cluster unless it is there. A half-made one (killed in the middle) is made anew. */
export async function initialise(dataDir: string): Promise<void> {
  const paths = clusterPaths(dataDir)
  if (existsSync(paths.cluster)) return
  const unfinished = `${paths.cluster}.new`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  const password = randomBytes(24).toString('base64url')
  const passwordFile = join(paths.folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (process.getuid?.() === 0)
    for (const path of [unfinished, passwordFile]) chownSync(path, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
  try {
    await runPostgres('initdb', paths.folder, [
      ...['-D', unfinished, '-U', 'offhook', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
      ...['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
    ])
    writeAccess(paths.access, { port: 0, password })
    renameSync(unfinished, paths.cluster)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

export type StartedServer = ClusterAccess & { hasExited(): boolean }

/** Starts the server detached, so that it outlives this process and others can go on with it. */
export async function startServer(dataDir: string): Promise<StartedServer> {
  const paths = clusterPaths(dataDir)
  const { password } = readAccess(paths.access)
  const port = await findFreePort()
  const log = openSync(paths.log, 'a', 0o600)
  const [program, ...words] = [
    ...withoutRoot([findPostgres(), paths.folder]),
    join(findPostgres(), 'bin', 'postgres'),
    ...['-D', paths.cluster, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    ...[
      '-c',
      'max_connections=200',
      '-c',
      'shared_buffers=256MB',
      '-c',
      'max_wal_size=1GB',
      '-c',
      'log_statement=none',
    ],
    ...['-c', 'log_min_error_statement=panic', '-c', 'log_parameter_max_length_on_error=0'],
  ]
  const child = spawn(program!, words, { detached: true, stdio: ['ignore', log, log], cwd: '/' })
  closeSync(log)
  child.unref()
  let exited = false
  child.once('exit', () => (exited = true))
  child.once('error', () => (exited = true))
  writeAccess(paths.access, { port, password })
  return { port, password, hasExited: () => exited }
}

/** Null when nobody has started it yet. */
export function readKnownAccess(dataDir: string): ClusterAccess | null {
  const { access } = clusterPaths(dataDir)
  return existsSync(access) ? readAccess(access) : null
}

/** `fast`: open transactions are rolled back, clients are told. A server that was killed is stopped already. */
export async function stopServer(dataDir: string): Promise<void> {
  const paths = clusterPaths(dataDir)
  try {
    await runPostgres('pg_ctl', paths.folder, ['stop', '-D', paths.cluster, '-m', 'fast', '-w', '-s'])
  } catch (error) {
    if (isRunning(readServerPid(paths.cluster))) throw error
  }
}

/** 0 when the cluster has no server. */
function readServerPid(cluster: string): number {
  const file = join(cluster, 'postmaster.pid')
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0
}

/** The end of the server's own log: why it did not start. */
export function readLogTail(dataDir: string, lines = 5): string {
  const { log } = clusterPaths(dataDir)
  if (!existsSync(log)) return ''
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
}

async function runPostgres(name: string, folder: string, words: string[]): Promise<void> {
  const [program, ...rest] = [...withoutRoot([findPostgres(), folder]), join(findPostgres(), 'bin', name), ...words]
  try {
    await run(program!, rest, { cwd: '/' })
  } catch (cause) {
    const { stderr, code } = cause as { stderr?: string; code?: string }
    const said = code === 'ENOENT' ? `${program!} is not installed.` : (stderr?.trim() ?? '')
    throw new AppError('embedded-postgres-failed', `${name} failed: ${said || (cause as Error).message}`, { cause })
  }
}

function readAccess(path: string): ClusterAccess {
  return JSON.parse(readFileSync(path, 'utf8')) as ClusterAccess
}

function writeAccess(path: string, access: ClusterAccess): void {
  writeFileSync(`${path}.new`, JSON.stringify(access), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
