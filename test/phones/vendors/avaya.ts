import { need, type Booted, type BootingPhone, type Fetch } from '../bases/phone.ts'

/** `keys` by their number, part by part. */
export type AvayaScript = { values: Map<string, string>; keys: Map<string, Map<string, string>>; next: string | null }

/**
 * Reads a file as a J100 does, line by line: `SET` with a value in double quotes, which ends at the next one, `GET`,
 * `##`; of two values of one parameter the later one holds. Tags, `GOTO` and `IF` are nothing that we write.
 */
export function readAvaya(bytes: Buffer): AvayaScript {
  const script: AvayaScript = { values: new Map(), keys: new Map(), next: null }
  for (const line of new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r\n|\r|\n/)) {
    if (line === '' || line.startsWith('##')) continue
    if (script.next !== null) throw new Error('something stands behind a GET')
    const get = /^GET ([A-Za-z0-9.$_-]+)$/.exec(line)?.[1]
    const set = /^SET ([A-Z0-9_]+) "([^"]*)"$/.exec(line)
    if (get !== undefined) script.next = get
    else if (set?.[1] === 'PHONEKEY') addKey(script, set[2]!)
    else if (set && !script.values.has(set[1]!)) script.values.set(set[1]!, set[2]!)
    else throw new Error('not a statement, or the same one twice')
  }
  return script
}

function addKey({ keys }: AvayaScript, text: string): void {
  const match = /^Key=(\d+);Type=([a-z]+);Name=([a-z]+);Label=([^;]*);attr1=([^;]*);Forced$/.exec(text)
  if (!match || keys.has(match[1]!)) throw new Error('not a key')
  const [, number, type, name, label, attr1] = match as unknown as string[]
  keys.set(number!, new Map(Object.entries({ type: type!, name: name!, label: label!, attr1: attr1! })))
}

/** The upgrade file, by it the settings of all, by them its own; what comes later wins. */
export function avayaPhone(made: { model: string; mac: string }): BootingPhone {
  const userAgent = `Mozilla/4.0 (compatible; MSIE 6.0) AVAYA/${made.model}-4.1.3.0.6 (MAC:${made.mac})`
  return { family: 'avaya', userAgent, ...made, boot: (from, fetch) => boot(from, fetch, made.mac) }
}

async function boot(from: string, fetch: Fetch, mac: string): Promise<Booted> {
  const values = new Map<string, string>()
  for (let file: string | null = 'J100Supgrade.txt'; file !== null;) {
    const script = readAvaya(await need(fetch, from + file.replace('$MACADDR', mac)))
    for (const [name, value] of script.values) values.set(name, value)
    file = script.next
  }
  if (values.get('ENABLE_3PCC_ENVIRONMENT') !== '1') throw new Error('waits for a server of its maker')
  const controller = /^(.*):(\d+);transport=(udp|tcp)$/.exec(values.get('SIP_CONTROLLER_LIST')!)!
  const account = {
    user: values.get('FORCE_SIP_EXTENSION')!,
    authUser: values.get('FORCE_SIP_USERNAME')!,
    password: values.get('FORCE_SIP_PASSWORD')!,
    host: controller[1]!,
    port: Number(controller[2]),
    transport: controller[3] as 'udp' | 'tcp',
  }
  const home = `http://${values.get('HTTPSRVR')!}:${values.get('HTTPPORT')!}/${values.get('HTTPDIR')!}/`
  return { accounts: [account], home }
}
