/** The listener of phones as it runs in service, in a process of its own. Takes one {@link Order} as JSON, prints its port. */
import { openSync, writeSync } from 'node:fs'
import { argv, stdout } from 'node:process'
import pino from 'pino'
import { loadFamilies } from '../../src/boot/load-families.ts'
import { openBoot } from '../../src/boot/open-boot.ts'
import { tallyAnswers } from '../../src/boot/tally-answers.ts'
import { createPool } from '../../src/db/pool.ts'
import { createDoor } from '../../src/http/login/door.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import { Secret } from '../../src/model/secret.ts'
import { createVault } from '../../src/secrets/vault.ts'

export type Order = { url: string; key: string; logFile: string }

const order = JSON.parse(argv[2] ?? '') as Order
const log = pino(pino.destination({ dest: order.logFile }))
const families = await loadFamilies()
const boot = await openBoot({
  ...{ pool: createPool(order.url, 'offhook_phones'), url: order.url, vault: createVault(new Secret(order.key)), log },
  ...{ families, phonesUrl: 'http://phones.example.org', sipHost: 'pbx.example.org' },
})
const access = openSync(order.logFile, 'a')
const listener = await startPhonesListener({
  ...{ address: '127.0.0.1', port: 0, answer: tallyAnswers(boot.answer).answer, log },
  door: createDoor({ logins: boot.logins, families }),
  writeAccess: (lines) => void writeSync(access, lines, null, 'latin1'),
})
stdout.write(`${listener.port}\n`)
