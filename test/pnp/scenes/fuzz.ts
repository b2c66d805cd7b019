import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Random } from '../../tftp/random-packets.ts'
import { QUESTIONS } from '../messages.ts'
import { MulticastPhone } from '../multicast-phone.ts'
import { drawPacket } from '../random-questions.ts'
import type { Holdings } from './fuzzed-server.ts'
import { setMulticastStage } from './stage.ts'

export type FuzzOrder = { packets: number; seed: number }
export type FuzzReport = { answers: number; before: Holdings; after: Holdings; stillAnswers: boolean }

/** Longer than four sends of a NOTIFY take. */
const SETTLE_MS = 3000

const { packets, seed } = setMulticastStage() as FuzzOrder
const random = new Random(seed)
const execArgv = ['--expose-gc', '--max-semi-space-size=1']
const server = fork(new URL('fuzzed-server.ts', import.meta.url), { execArgv })
const [port] = (await once(server, 'message')) as [number]
const phones = await Promise.all(Array.from({ length: 8 }, () => MulticastPhone.open()))

async function takeStock(): Promise<Holdings> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  server.send('holdings')
  const [holdings] = (await once(server, 'message')) as [Holdings]
  return holdings
}

async function shower(count: number): Promise<number> {
  let answers = 0
  let notify = ''
  for (let sent = 0; sent < count; sent += 16) {
    await Promise.all(
      Array.from({ length: 16 }, () => {
        const phone = random.pick(phones)
        const packet = drawPacket(random, { notify, port: phone.port })
        return random.below(4) === 0 ? phone.send(packet, { address: '127.0.0.1', port }) : phone.send(packet)
      }),
    )
    // The kernel drops what a full queue cannot take: the server's turn.
    await new Promise((resolve) => setImmediate(resolve))
    for (const { heard } of phones) {
      answers += heard.length
      notify = heard.splice(0).find(({ text }) => text.startsWith('NOTIFY'))?.text ?? notify
    }
  }
  return answers
}

await shower(packets / 4)
const before = await takeStock()
const answers = await shower(packets)
const after = await takeStock()
const last = await MulticastPhone.open()
await last.send(QUESTIONS[0]!.text.replaceAll('001565abcdef', '001565abcde1'))
const stillAnswers = server.exitCode === null && (await last.listen(500)).some(({ text }) => text.includes(' 200 OK'))
const report: FuzzReport = { answers, before, after, stillAnswers }
server.kill()
for (const phone of [...phones, last]) phone.close()
process.stdout.write(JSON.stringify(report))
