import { startPnpServer } from '../../../src/pnp/server.ts'
import type { Asker } from '../../../src/pnp/responder.ts'
import { QUESTIONS } from '../messages.ts'
import { answerNotify, type Heard, MulticastPhone } from '../multicast-phone.ts'
import { setMulticastStage } from './stage.ts'

export type ExchangeReport = {
  server: { port: number }
  phonePort: number
  told: Record<string, Heard[]>
  unanswered: Heard[]
  again: { heard: Heard[]; pending: number }
  rerouted: { sourceAgain: Heard[]; bystander: Heard[] }
  unknown: { heard: Heard[]; strangers: Asker[] }
  /** Who was told, in this order; the flood left out. */
  heardOf: Asker[]
  flood: { asked: number; answered: number; otherSource: number }
  pendingAtEnd: number
}

setMulticastStage()
const strangers: Asker[] = []
const heardOf: Asker[] = []
const server = await startPnpServer({
  address: '127.0.0.1',
  addressOf: ({ mac }) => (QUESTIONS.some((one) => one.mac === mac) ? `http://192.0.2.1:8081/${mac}` : null),
  onTold: (asker) => heardOf.push(asker),
  onStranger: (stranger) => strangers.push(stranger),
  log: { warn: () => undefined },
  limits: { firstWaitMs: 60, refillMs: 100 },
})
const phone = await MulticastPhone.open('127.0.0.1')
const here = (text: string, callId: string) =>
  text.replaceAll('127.0.0.1:5060', `127.0.0.1:${phone.port}`).replace('3c26700c1adb', callId)

const told: Record<string, Heard[]> = {}
for (const { name, text } of QUESTIONS) {
  await phone.send(here(text, name))
  const heard = await phone.listen(50)
  told[name] = heard
  await phone.send(answerNotify(heard[1]?.text ?? ''), { address: '127.0.0.1', port: server.port })
  await phone.listen(100)
}

const [first] = QUESTIONS
await phone.send(here(first!.text, 'silent'))
const unanswered = await phone.listen(1300)

await phone.send(here(first!.text, 'again'))
await phone.send(here(first!.text, 'again'))
await phone.listen(20)
await phone.send(here(first!.text, 'again'))
const again = { heard: await phone.listen(20), pending: server.pending }
await phone.listen(1200)

// A Contact and a Via that name somebody else must not make the server send there.
const bystander = await MulticastPhone.open('127.0.0.2', 5060, 5060)
await phone.send(here(first!.text, 'elsewhere').replaceAll(`127.0.0.1:${phone.port}`, '127.0.0.2:5060'))
const rerouted = { sourceAgain: await phone.listen(40), bystander: await bystander.listen(1) }
await phone.listen(1200)

const unknownText = here(first!.text, 'unknown').replaceAll('001565abcdef', '001565000001')
await phone.send(unknownText)
await phone.send(unknownText)
const unknown = { heard: await phone.listen(60), strangers: [...strangers] }

const heardOfBefore = [...heardOf]
await phone.listen(1000)
const asked = 200
for (let n = 0; n < asked; n++) await phone.send(here(first!.text, `flood${n}`))
const isOk = ({ text }: Heard) => text.startsWith('SIP/2.0 200')
const heard = await phone.listen(300)
const other = await MulticastPhone.open('127.0.0.3')
await other.send(first!.text.replaceAll('127.0.0.1:5060', `127.0.0.3:${other.port}`))
const flood = {
  asked,
  answered: new Set(heard.filter(isOk).map(({ text }) => /^Call-ID: .*$/m.exec(text)?.[0])).size,
  otherSource: (await other.listen(100)).length,
}
await phone.listen(1300)

const report: ExchangeReport = {
  ...{
    server: { port: server.port },
    phonePort: phone.port,
    told,
    unanswered,
    again,
    rerouted,
    unknown,
    flood,
    heardOf: heardOfBefore,
  },
  pendingAtEnd: server.pending,
}
await server.close()
for (const one of [phone, bystander, other]) one.close()
process.stdout.write(JSON.stringify(report))
