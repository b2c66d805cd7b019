import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { bundle } from '../debian/bundle.ts'
import { SoftphoneProcess } from './softphone.ts'
import { PATIENCE_MS } from './waiting.ts'
import { waitForRecordedTone, writeTone } from './wav.ts'

const KEY_MS = 250

export interface LinphoneOptions {
  /** The URL that a user would paste or scan; everything else comes from what it serves. */
  readonly provisioningUrl: string
  /** The frequency of the sine that it speaks, in Hz. */
  readonly tone?: number
  /** PEM file of the authority that signed the servers' certificates. */
  readonly caFile?: string
}

/** A running Linphone. */
export interface Linphone {
  /** Resolves with its SIP identity once it is registered; only then can it speak and hear. */
  waitForRegistered(timeoutMs?: number): Promise<string>
  /** Calls and resolves when the far end answered. @throws Error with Linphone's own reason when the call fails */
  call(number: string, timeoutMs?: number): Promise<void>
  /** Keys digits, `*` and `#` in during a call, one after the other as a finger does. */
  keyIn(digits: string): Promise<void>
  /** Resolves with the caller's address when a call comes in. */
  nextCall(timeoutMs?: number): Promise<string>
  answer(): Promise<void>
  hangUp(): Promise<void>
  /** Resolves once the call's end is printed. */
  ended(timeoutMs?: number): Promise<void>
  /** Resolves once what it hears is clearly that tone. */
  waitForTone(frequencyHz: number, timeoutMs?: number): Promise<void>
  /** What it printed. */
  log(): string
  /** The log of its engine, every SIP message included, for looking into a failing test. */
  engineLog(): Promise<string>
  /** Lets it unregister and quit, and removes its folder. */
  stop(): Promise<void>
}

/**
 * Starts Debian's Linphone with nothing but a provisioning URL, as on a fresh machine. Without a sound card it speaks
 * from one WAV file and listens into another.
 */
export async function startLinphone(options: LinphoneOptions): Promise<Linphone> {
  const { program } = await bundle('tools')
  const folder = await mkdtemp(join(tmpdir(), 'offhook-linphone-'))
  const path = (name: string): string => join(folder, name)
  // Without this folder the core never starts: "Unable to open linphone database".
  await mkdir(path('.local/share/linphone'), { recursive: true })
  await writeFile(path('linphonerc'), startingConfig(options))
  await writeTone(path('voice.wav'), options.tone ?? 440, 2)
  const args = ['-c', path('linphonerc'), '-d', '6', '-l', path('engine.log')]
  const phone = await SoftphoneProcess.start(program('linphonec'), args, folder)
  await phone.waitFor(/linphonec>/, 'the prompt of linphonec')
  return {
    waitForRegistered: async (timeoutMs) => {
      const identity = await pollRegistered(phone, timeoutMs)
      // Applying what was provisioned sets the sound devices anew, so this cannot be said before.
      for (const line of ['soundcard use files', `play ${path('voice.wav')}`, `record ${path('heard.wav')}`]) {
        phone.type(line)
      }
      return identity
    },
    call: async (number, timeoutMs) => {
      phone.skip()
      phone.type(`call ${number}`)
      const pattern = /Media streams established|Call \d+ with \S+ (ended.*|error.*)/
      const [, failure] = await phone.waitFor(pattern, `${number} to answer Linphone`, timeoutMs)
      if (failure !== undefined) throw new Error(`expected ${number} to answer Linphone, the call ended: ${failure}`)
    },
    keyIn: async (digits) => {
      for (const digit of digits) {
        phone.type(digit)
        await pause(KEY_MS)
      }
    },
    nextCall: async (timeoutMs) => {
      const pattern = /Receiving new incoming call from (.*), assigned id \d+/
      return (await phone.waitFor(pattern, 'an incoming call at Linphone', timeoutMs))[1]!
    },
    answer: async () => {
      phone.type('answer')
      await phone.waitFor(/Media streams established/, 'Linphone to answer')
    },
    hangUp: async () => {
      phone.type('terminate')
      await phone.waitFor(/Call \d+ with .* ended/, 'Linphone to hang up')
    },
    ended: async (timeoutMs) => {
      await phone.waitFor(/Call \d+ with .* ended/, "Linphone's call to end", timeoutMs)
    },
    waitForTone: (frequencyHz, timeoutMs) =>
      waitForRecordedTone(() => Promise.resolve(path('heard.wav')), frequencyHz, timeoutMs),
    log: () => phone.output,
    engineLog: () => readFile(path('engine.log'), 'utf8'),
    stop: async () => {
      await phone.stop(() => phone.type('quit'))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A port of -1 is a free one; the rest of the configuration comes over the network. */
function startingConfig({ provisioningUrl, caFile }: LinphoneOptions): string {
  const authority = caFile === undefined ? [] : [`root_ca=${caFile}`]
  return [
    ...['[misc]', `config-uri=${provisioningUrl}`],
    ...['[sip]', 'sip_port=-1', 'sip_tcp_port=-1', 'sip_tls_port=-1', ...authority],
    '',
  ].join('\n')
}

async function pollRegistered(phone: SoftphoneProcess, timeoutMs: number = PATIENCE_MS): Promise<string> {
  const deadline = Date.now() + timeoutMs
  const pattern = /registered, identity=(\S+)|registered=-?\d+|Password for .* on .*:/
  for (;;) {
    // When it asks for a password, such as that of a client certificate, it takes this line for one.
    phone.type('status register')
    const [answer, identity] = await phone.waitFor(pattern, 'a register status')
    if (identity !== undefined) return identity
    if (Date.now() > deadline)
      throw new Error(`expected Linphone to register within ${timeoutMs} ms; it says ${answer}`)
    await pause(100)
  }
}
