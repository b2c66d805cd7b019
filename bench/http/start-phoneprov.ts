import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startAsterisk } from '../../test/support/asterisk/start-asterisk.ts'
import type { TestDatabase } from '../../test/support/database.ts'
import type { Started } from './start-offhook.ts'

/** Templates are looked for below a folder that tests share; this leads out of it. */
const UP = '../'.repeat(24)

/**
 * Starts an Asterisk that serves phones with its own res_phoneprov: a template of its dialect, filled anew for every
 * request from users.conf.
 * @param template text with variables such as `${USERNAME}`
 */
export async function startPhoneprov(
  folder: string,
  database: TestDatabase,
  macs: readonly string[],
  template: string,
): Promise<Started> {
  const asterisk = await startAsterisk({ database: database.asterisk })
  const etc = join(asterisk.directory, 'etc')
  const file = join(folder, 'phoneprov', 'phone.cfg')
  await mkdir(join(folder, 'phoneprov'))
  await writeFile(file, template)
  await writeFile(
    join(etc, 'phoneprov.conf'),
    `[general]\nserveraddr = 127.0.0.1\nserverport = 5060\ndefault_profile = phone\n
[phone]\nmime_type => text/plain\n\${MAC}.cfg => ${UP}${file.slice(1)}\n`,
  )
  await writeFile(join(etc, 'users.conf'), `[general]\n${macs.map(formatUser).join('')}`)
  await appendFile(join(etc, 'site/http.conf'), 'sessionlimit = 1000\n')
  await asterisk.cli('module reload http')
  await asterisk.cli('module load res_phoneprov.so')
  return { port: asterisk.httpPort, pid: asterisk.pid(), stop: () => asterisk.stop() }
}

function formatUser(mac: string, index: number): string {
  const number = 10_000 + index
  return `[${number}]\nautoprov = yes\nprofile = phone\nusername = ${number}\nfullname = Family ${index}
macaddress = ${mac}\nsecret = ${'s'.repeat(24)}\ncid_number = ${number}\nlabel = ${number}\nlinenumber = 1\n`
}
