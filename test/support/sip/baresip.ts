import { once } from 'node:events'
import { glob, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from '../debian/bundle.ts'
import { SoftphoneProcess } from './softphone.ts'
import { waitForRecordedTone, writeTone } from './wav.ts'

export interface BaresipOptions {
  /** The files as the provisioning server served them. */
  readonly files: {
    readonly accounts: Buffer | string
    readonly config: Buffer | string
    readonly contacts?: Buffer | string
  }
  /** The frequency of the sine that it speaks, in Hz. */
  readonly tone?: number
  /** The address that it binds; loopback by default. */
  readonly host?: string
  /** PEM file of the authority that signed the server's certificate. */
  readonly caFile?: string
}

/** A running baresip. */
export interface Baresip {
  /** Resolves once the server accepted its REGISTER. */
  waitForRegistered(timeoutMs?: number): Promise<void>
  /** Calls and resolves when the far end answered. @throws Error with the reason when the call fails */
  call(target: string, timeoutMs?: number): Promise<void>
  /** Resolves with the caller's address when a call comes in. */
  nextCall(timeoutMs?: number): Promise<string>
  answer(): Promise<void>
  hangUp(): Promise<void>
  /** Resolves once the call's end is printed. */
  ended(timeoutMs?: number): Promise<void>
  /** Resolves once what it hears is clearly that tone. */
  waitForTone(frequencyHz: number, timeoutMs?: number): Promise<void>
  log(): string
  /** Lets it unregister and quit, and removes its folder. */
  stop(): Promise<void>
}

/** Seconds of tone; baresip's file source falls silent at its end. */
const VOICE_S = 60

/** Starts Debian's baresip in a folder with the served files; what concerns this machine alone is put before them. */
export async function startBaresip(options: BaresipOptions): Promise<Baresip> {
  const { root, program } = await bundle('tools')
  const folder = await mkdtemp(join(tmpdir(), 'offhook-baresip-'))
  const controlPort = await findFreePort()
  const { accounts, config, contacts = '' } = options.files
  const local = localConfig(options, { root, folder, controlPort })
  await writeFile(join(folder, 'accounts'), accounts, { mode: 0o600 })
  await writeFile(join(folder, 'config'), Buffer.concat([Buffer.from(local), Buffer.from(config)]))
  await writeFile(join(folder, 'contacts'), contacts)
  await writeTone(join(folder, 'voice.wav'), options.tone ?? 440, VOICE_S)
  const phone = await SoftphoneProcess.start(program('baresip'), ['-v', '-f', folder], folder)
  await phone.waitFor(/baresip is ready/, 'baresip to start')
  const control = connect(controlPort, '127.0.0.1')
  await once(control, 'connect')
  const command = (name: string, params = ''): void => sendCommand(control, name, params)
  return {
    waitForRegistered: async (timeoutMs) => {
      await phone.waitFor(/\} 200 OK .*\[\d+ bindings?\]/, 'baresip to register', timeoutMs)
    },
    call: async (target, timeoutMs) => {
      phone.skip()
      command('dial', target)
      const pattern = /Call established|session closed: (.*)/
      const [, failure] = await phone.waitFor(pattern, `${target} to answer baresip`, timeoutMs)
      if (failure !== undefined) throw new Error(`expected ${target} to answer baresip, the call ended: ${failure}`)
    },
    nextCall: async (timeoutMs) =>
      (await phone.waitFor(/Incoming call from: (.*?)(?: - |\n)/, 'an incoming call at baresip', timeoutMs))[1]!,
    answer: async () => {
      command('accept')
      await phone.waitFor(/Call established/, 'baresip to answer')
    },
    hangUp: async () => {
      phone.skip()
      command('hangup')
      await phone.waitFor(/call: terminate call/, 'baresip to hang up')
    },
    ended: async (timeoutMs) => {
      await phone.waitFor(/session closed|Call with .* terminated/, "baresip's call to end", timeoutMs)
    },
    waitForTone: (frequencyHz, timeoutMs) => waitForRecordedTone(() => findDump(folder), frequencyHz, timeoutMs),
    log: () => phone.output,
    stop: async () => {
      control.destroy()
      await phone.stop((child) => child.kill('SIGTERM'))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Place {
  readonly root: string
  readonly folder: string
  readonly controlPort: number
}

/** baresip takes the first line of a name, so these win over the served ones; modules add up. */
function localConfig(options: BaresipOptions, { root, folder, controlPort }: Place): string {
  return [
    `module_path ${root}/usr/lib/baresip/modules`,
    `audio_path ${root}/usr/share/baresip`,
    // An interface name fails for loopback; an address works.
    `net_interface ${options.host ?? '127.0.0.1'}`,
    `sip_listen ${options.host ?? '127.0.0.1'}:0`,
    ...(options.caFile === undefined ? [] : [`sip_cafile ${options.caFile}`]),
    `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    `audio_source aufile,${folder}/voice.wav`,
    'audio_player aubridge,nowhere',
    'audio_alert aubridge,nowhere',
    `snd_path ${folder}`,
    ...['aufile', 'aubridge', 'g711', 'sndfile', 'ctrl_tcp'].map((name) => `module ${name}.so`),
    '',
  ].join('\n')
}

/** The newest recording of what was decoded. */
async function findDump(folder: string): Promise<string | undefined> {
  const dumps: string[] = []
  for await (const name of glob('dump-*-dec.wav', { cwd: folder })) dumps.push(name)
  const newest = dumps.sort().at(-1)
  return newest === undefined ? undefined : join(folder, newest)
}

/** A command of baresip's ctrl_tcp module: JSON as a netstring. */
function sendCommand(control: Socket, command: string, params: string): void {
  const json = JSON.stringify({ command, params })
  control.write(`${Buffer.byteLength(json)}:${json},`)
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
