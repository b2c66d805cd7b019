import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openApp } from '../../src/open-app.ts'
import { findFreePorts } from '../../test/support/asterisk/ports.ts'
import { type RunningAsterisk, startAsterisk } from '../../test/support/asterisk/start-asterisk.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

/** Offhook and Asterisk on one machine, as an admin would set them up. */
export type DemoSystem = {
  asterisk: RunningAsterisk
  httpPort: number
  phonesPort: number
  tftpPort: number
  /** What its processes were started with. */
  environment: Readonly<Record<string, string>>
  /** Runs `offhook …` and returns what it printed. @throws Error with its words when it does not exit with 0 */
  offhook: (...words: string[]) => Promise<string>
  stop: () => Promise<void>
}

/** @param dataDir where the embedded database and the key live */
export async function startSystem(dataDir: string): Promise<DemoSystem> {
  const httpPort = await findFreePorts(3)
  const [phonesPort, tftpPort] = [httpPort + 1, httpPort + 2]
  const environment: Record<string, string> = {
    OFFHOOK_DATA_DIR: dataDir,
    OFFHOOK_HTTP_PORT: String(httpPort),
    OFFHOOK_PHONES_PORT: String(phonesPort),
    OFFHOOK_TFTP_PORT: String(tftpPort),
    OFFHOOK_TFTP_ALLOW: '127.0.0.0/8',
  }
  Object.assign(process.env, environment)
  const setUp = openApp({ json: false, tenant: 'default' })
  await setUp.app.tenant()
  const { installation } = await setUp.app.desk()
  const asterisk = await startAsterisk({
    realm: installation.realm,
    database: await openDatabaseFor(await setUp.app.owner(), await setUp.app.databaseUrl()),
  })
  environment['OFFHOOK_AMI_URL'] = asterisk.amiUrl
  environment['OFFHOOK_SIP_HOST'] = `127.0.0.1:${asterisk.sipPort}`
  Object.assign(process.env, environment)
  const server = spawn(process.execPath, [MAIN, 'serve'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(server, 'exit')
  await waitForReady(`http://127.0.0.1:${httpPort}/readyz`, exited)
  return {
    ...{ asterisk, httpPort, phonesPort, tftpPort, environment, offhook },
    async stop() {
      server.kill('SIGTERM')
      await exited
      await asterisk.stop()
      await setUp.close()
    },
  }
}

/** Gives Asterisk's role a login of its own, as `asterisk/README.md` tells an admin to. */
async function openDatabaseFor(owner: { query(sql: string): Promise<unknown> }, url: string) {
  const password = randomBytes(16).toString('hex')
  await owner.query(`alter role offhook_asterisk login password '${password}'`)
  const { hostname, port, pathname } = new URL(url)
  return { host: hostname, port: Number(port), name: pathname.slice(1), user: 'offhook_asterisk', password }
}

async function offhook(...words: string[]): Promise<string> {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let complained = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`offhook ${words.join(' ')} ended with ${code}: ${said}${complained}`)
  return said
}

async function waitForReady(url: string, exited: Promise<unknown>): Promise<void> {
  let gone = false
  void exited.then(() => (gone = true))
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok) return
    if (gone as boolean) break
    await sleep(100)
  }
  throw new Error(`offhook serve did not become ready at ${url}`)
}
