import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { check } from './demo/check.ts'
import { startSystem, type DemoSystem } from './demo/start-system.ts'

/**
 * `npm run demo`: embedded PostgreSQL, a real Asterisk, a sample import and all listeners, until Ctrl-C.
 * `npm run demo -- --check`: the same in a temporary folder, proved by real SIP user agents, then gone.
 */
const PEOPLE = join(import.meta.dirname, 'people.csv')
const checking = process.argv.includes('--check')
const dataDir = checking ? mkdtempSync(join(tmpdir(), 'offhook-demo-')) : resolve('data', 'demo')
mkdirSync(dataDir, { recursive: true })

const system = await startSystem(dataDir)
try {
  await importPeople(system)
  if (checking) {
    await check(system)
    console.log('demo          passed')
  } else {
    invite(system)
    await new Promise((stop) => process.once('SIGINT', stop).once('SIGTERM', stop))
  }
} finally {
  await system.stop()
  if (checking) rmSync(dataDir, { recursive: true, force: true })
}

async function importPeople({ offhook }: DemoSystem): Promise<void> {
  const plan = await offhook('import', PEOPLE, '--apply')
  console.log(`import        ${PEOPLE}\n${plan.trimEnd()}`)
}

/** The environment goes into a file that only its owner reads: the address of Asterisk's manager holds a password. */
function invite({ httpPort, phonesPort, tftpPort, asterisk, environment }: DemoSystem): void {
  const file = join(dataDir, 'environment')
  const lines = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`)
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  console.log(`
Offhook and Asterisk ${asterisk.version} are running. Try, in another terminal:

  . ${relative('.', file)}
  npx offhook phones
  npx offhook import examples/people.csv                 nothing to do
  npx offhook phone release 00:15:65:ab:cd:01
  curl http://127.0.0.1:${phonesPort}/001565abcd01.cfg         200 while it is released, 404 before and after
  curl tftp://127.0.0.1:${tftpPort}/y000000000108.cfg          what a new T46U asks for first
  npx offhook drift
  curl http://127.0.0.1:${httpPort}/readyz

SIP: 127.0.0.1:${asterisk.sipPort}. 1002 calls 1001; *97 voicemail, *43 echo. Ctrl-C ends it.`)
}
