import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { bundle } from '../debian/bundle.ts'
import { runOrThrow } from '../debian/run.ts'

/** The first version with everything that the configuration in `asterisk/` uses. */
const FLOOR = [22, 2] as const

/** An Asterisk that can be started: paths of its parts, and its version as it prints it. */
export type Installation = {
  program: string
  moduleFolder: string
  /** Holds `documentation/` and `sounds/`. */
  shareFolder: string
  /** The shared object of the PostgreSQL ODBC driver. */
  odbcDriver: string
  version: string
}

/**
 * The Asterisk that tests run: the one on PATH when it is new enough and complete, else one from the package cache.
 * Throws naming what was found and what is needed.
 */
export async function findAsterisk(): Promise<Installation> {
  const installed = await findInstalled()
  if (installed !== null) return installed
  const { root, program } = await bundle('asterisk')
  const fetched = await inspect(program('asterisk'), root)
  if (fetched === null)
    throw new Error(`Asterisk ${FLOOR.join('.')} or newer with ODBC is needed, apt has an older one`)
  return fetched
}

async function findInstalled(): Promise<Installation | null> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  const program = folders.map((folder) => join(folder, 'asterisk')).find((path) => existsSync(path))
  return program === undefined ? null : inspect(program, '/')
}

async function inspect(program: string, root: string): Promise<Installation | null> {
  const version = (await runOrThrow(program, ['-V'])).trim().replace(/^Asterisk /, '')
  const [major = 0, minor = 0] = version.split('.').map((part) => parseInt(part, 10))
  const isNewEnough = major > FLOOR[0] || (major === FLOOR[0] && minor >= FLOOR[1])
  const realtime = await findFirst(root, 'usr/{,local/}lib{,64}/{,*/}asterisk/modules/res_config_odbc.so')
  const odbcDriver = await findFirst(root, 'usr/lib{,64}/{,*/}odbc/psqlodbcw.so')
  const documentation = await findFirst(root, '{usr/share,var/lib}/asterisk/documentation/core-en_US.xml')
  if (!isNewEnough || realtime === null || odbcDriver === null || documentation === null) return null
  return {
    program,
    moduleFolder: join(realtime, '..'),
    shareFolder: join(documentation, '../..'),
    odbcDriver,
    version,
  }
}

async function findFirst(root: string, pattern: string): Promise<string | null> {
  for await (const name of glob(pattern, { cwd: root })) return join(root, name)
  return null
}
