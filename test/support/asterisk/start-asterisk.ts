import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { run, runOrThrow } from '../debian/run.ts'
import { makeCertificate } from './certificate.ts'
import { findAsterisk, type Installation } from './installation.ts'
import { findFreePorts } from './ports.ts'
import { siteFiles, type AsteriskDatabase, type Site } from './site-files.ts'

const SHIPPED = resolve(import.meta.dirname, '../../../asterisk')
const RTP_PORTS = 200
const BOOT_WITHIN_MS = 20_000
const STOP_WITHIN_MS = 10_000

export type AsteriskOptions = {
  database: AsteriskDatabase
  /** SIP realm, over which digests are stored. Default `offhook`. */
  realm?: string
  /** Slugs of tenants whose contexts are there from the start. Others are added through AMI. */
  tenants?: readonly string[]
  /** Shell command that gets each voicemail as a mail on its standard input. Default: nobody does. */
  mailCommand?: string
  /** Text of further dialplan contexts. */
  dialplan?: string
}

export type RunningAsterisk = {
  /** `ami://user:secret@127.0.0.1:port` of the account that Offhook uses. */
  amiUrl: string
  host: string
  /** UDP and TCP. */
  sipPort: number
  sipTlsPort: number
  /** `ws://127.0.0.1:<port>/ws`; the same port as `httpPort`. */
  wsPort: number
  httpPort: number
  /** `wss://127.0.0.1:<port>/ws`. */
  wssPort: number
  realm: string
  /** Self-signed certificate of the TLS ports, PEM. */
  certificateFile: string
  /** Holds `etc/`, `log/`, `spool/` …; removed by `stop` and `kill`. */
  directory: string
  version: string
  pid: () => number
  /** Ends it in good order and removes its folder. */
  stop: () => Promise<void>
  /** Ends it at once, as a crash would, and removes its folder. */
  kill: () => Promise<void>
  /** Ends it in good order, or by `SIGKILL`, and starts it again with the same ports, contacts and recordings. */
  restart: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>
  /** All notices, warnings and errors since the first start. */
  log: () => string
  /** Runs a command of Asterisk's command line and returns what it printed. */
  cli: (command: string) => Promise<string>
}

/**
 * Starts a real Asterisk with the shipped configuration against a PostgreSQL database, in a temporary folder and on
 * free ports of 127.0.0.1; resolves when it is fully booted. Any number run side by side, as any user.
 * It dies with the process that started it. Throws with the end of its log when it does not come up.
 */
export async function startAsterisk(options: AsteriskOptions): Promise<RunningAsterisk> {
  const installation = await findAsterisk()
  const site = await writeSite(installation, options)
  let child = await launch(site)
  const remove = (): Promise<void> => rm(site.folder, { recursive: true, force: true, maxRetries: 5 })
  return {
    amiUrl: `ami://offhook:${site.amiSecret}@127.0.0.1:${site.ports.ami}`,
    host: '127.0.0.1',
    sipPort: site.ports.sip,
    sipTlsPort: site.ports.sipTls,
    wsPort: site.ports.http,
    httpPort: site.ports.http,
    wssPort: site.ports.https,
    realm: site.realm,
    certificateFile: site.certificate.certificate,
    directory: site.folder,
    version: installation.version,
    pid: () => child.pid!,
    stop: () => end(child, 'SIGTERM').then(remove),
    kill: () => end(child, 'SIGKILL').then(remove),
    restart: async (signal = 'SIGTERM') => {
      await end(child, signal)
      child = await launch(site)
    },
    log: () => readLog(site),
    cli: (command) => runOrThrow(installation.program, ['-C', configOf(site), '-rx', command]),
  }
}

async function writeSite(installation: Installation, options: AsteriskOptions): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'offhook-asterisk-'))
  for (const name of ['lib/keys', 'spool', 'run', 'log', 'tls']) await mkdir(join(folder, name), { recursive: true })
  const first = await findFreePorts(6 + RTP_PORTS)
  const site: Site = {
    folder,
    installation,
    database: options.database,
    certificate: await makeCertificate(join(folder, 'tls')),
    amiSecret: randomBytes(16).toString('hex'),
    realm: options.realm ?? 'offhook',
    ports: {
      sip: first,
      sipTls: first + 1,
      http: first + 2,
      https: first + 3,
      ami: first + 4,
      // RTP takes even ports, RTCP the odd one after (RFC 3550, section 11).
      rtp: first + 5 + ((first + 5) % 2),
      rtpCount: RTP_PORTS,
    },
    mailCommand: options.mailCommand ?? 'cat >/dev/null',
    dialplan: options.dialplan ?? '',
  }
  const etc = join(folder, 'etc')
  await cp(SHIPPED, etc, { recursive: true, filter: (path) => !path.endsWith('.md') })
  for (const [name, text] of Object.entries(siteFiles(site))) {
    await writeFile(join(etc, 'site', name), text, { mode: 0o600 })
  }
  await writeFile(join(etc, 'tenants.conf'), (options.tenants ?? []).map(formatTenant).join('\n'))
  // Asterisk looks for included files in its compiled-in folder until it has read the names of its own.
  await writeFile(configOf(site), `#include "${etc}/site/asterisk.conf"\n#include "${etc}/options.conf"\n`)
  return site
}

function formatTenant(slug: string): string {
  // Whoever subscribes chooses EXTEN: without the filter an ampersand would bring in phones of other tenants.
  const number = '${FILTER(0-9,${EXTEN})}'
  return `[t-${slug}]\nexten => _X!,hint,PJSIP/${number}-${slug}&PJSIP/${number}.web-${slug}\ninclude => pbx\n`
}

async function launch(site: Site): Promise<ChildProcess> {
  const odbc = join(site.folder, 'etc/site')
  const env = {
    PATH: process.env['PATH'],
    HOME: site.folder,
    TZ: 'UTC',
    ODBCSYSINI: odbc,
    ODBCINI: join(odbc, 'odbc.ini'),
  }
  const args = ['--pdeathsig', 'KILL', site.installation.program, '-C', configOf(site), '-f', '-n']
  const child = spawn('setpriv', args, { env, stdio: 'ignore', cwd: site.folder })
  await once(child, 'spawn')
  const deadline = Date.now() + BOOT_WITHIN_MS
  const wait = ['-C', configOf(site), '-rx', 'core waitfullybooted']
  while ((await run(site.installation.program, wait)).status !== 0) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL')
      const why = readLog(site).split('\n').slice(-15).join('\n')
      throw new Error(`Asterisk did not come up (${child.exitCode ?? child.signalCode ?? 'no answer'}):\n${why}`)
    }
    await pause(20)
  }
  return child
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  await ended
  clearTimeout(late)
}

function readLog(site: Site): string {
  try {
    return readFileSync(join(site.folder, 'log/messages.log'), 'utf8')
  } catch {
    return '' // not even begun
  }
}

function configOf(site: Site): string {
  return join(site.folder, 'asterisk.conf')
}
