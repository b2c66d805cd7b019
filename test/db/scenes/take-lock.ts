import { appendFileSync } from 'node:fs'
import { argv, kill, pid } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { withLock } from '../../../src/db/embedded/lock.ts'

/** Goes through a lock many times and notes each way in and out; `die` kills itself inside. */
const [lock, journal, fate] = argv.slice(2) as [string, string, string]
const rounds = 8
for (let round = 0; round < rounds; round++)
  await withLock(lock, async () => {
    appendFileSync(journal, `in ${pid}\n`)
    await sleep(Math.random() * 5)
    if (fate === 'die' && round === 2) kill(pid, 'SIGKILL')
    appendFileSync(journal, `out ${pid}\n`)
  })
