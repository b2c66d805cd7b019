import { setTimeout as sleep } from 'node:timers/promises'
import { startLinphone } from '../../test/support/sip/linphone.ts'
import { SipPhone } from '../../test/support/sip/phone.ts'
import type { DemoSystem } from './start-system.ts'

const ADA_HZ = 440
const BEN_HZ = 880
/** Long enough for a message that Asterisk keeps (`minsecs` in asterisk/voicemail.conf). */
const MESSAGE_MS = 3_500

/** Proves dial tone: every step is done by a real SIP user agent with what its phone would have fetched. */
export async function check(system: DemoSystem): Promise<void> {
  const { asterisk, offhook } = system
  show('release', await offhook('phone', 'release', 'all', '--minutes', '5'))
  const ada = await openPhone(system, '001565abcd01.cfg', readYealink)
  const ben = await openPhone(system, 'cfg000b82abcd02.xml', readGrandstream)
  try {
    await ada.register()
    await ben.register()
    show('registration', 'extensions 1001 and 1002 registered with what their phones fetched by MAC address')

    const provisioningUrl = /fetches\s+(\S+)/.exec(await offhook('phone', 'show', 'cleo@example.org/linphone'))![1]!
    const linphone = await startLinphone({ provisioningUrl: `${provisioningUrl}linphone.xml` })
    await linphone.waitForRegistered()
    show('registration', 'Linphone booted from its address and registered as 1003')
    await linphone.stop()

    const lamp = await ben.watch('1001')
    await lamp.waitFor('terminated')
    const call = await ben.call('1001', { tone: BEN_HZ })
    const incoming = await ada.nextCall()
    incoming.ring()
    await lamp.waitFor('early')
    const answered = await incoming.answer({ tone: ADA_HZ })
    await call.answered()
    await call.waitForTone(ADA_HZ)
    await answered.waitForTone(BEN_HZ)
    show('call', '1002 called 1001, and each heard the tone of the other')
    await lamp.waitFor('confirmed')
    await call.hangUp()
    await lamp.waitFor('terminated')
    show('lamp', 'the key of 1002 that watches 1001 went from dark to ringing to busy to dark')

    const message = await ben.call('1001', { tone: BEN_HZ })
    const refused = await ada.nextCall()
    refused.reject(486)
    await message.answered()
    await message.sendDigits('#')
    await sleep(MESSAGE_MS)
    await message.hangUp()
    await ada.waitForMessages(1)
    show('voicemail', '1001 was busy, 1002 left a message, and the message lamp of 1001 went on')
    show('asterisk', `version ${asterisk.version}`)
  } finally {
    await ada.close()
    await ben.close()
  }
}

type Account = { user: string; password: string }

async function openPhone(system: DemoSystem, file: string, read: (text: string) => Account): Promise<SipPhone> {
  const answer = await fetch(`http://127.0.0.1:${system.phonesPort}/${file}`)
  if (!answer.ok) throw new Error(`the phone got ${answer.status} for ${file}`)
  const account = read(await answer.text())
  return SipPhone.open({ host: system.asterisk.host, port: system.asterisk.sipPort, ...account })
}

function readYealink(text: string): Account {
  const value = (name: string) => new RegExp(`^account\\.1\\.${name} = (.*)$`, 'm').exec(text)![1]!
  return { user: value('auth_name'), password: value('password') }
}

function readGrandstream(text: string): Account {
  const value = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(text)![1]!
  return { user: value('P36'), password: value('P34') }
}

function show(what: string, text: string): void {
  console.log(`${what.padEnd(13)} ${text.trim()}`)
}
