import { createHash } from 'node:crypto'
import { Secret } from '../model/secret.ts'
import type { Mac } from '../model/mac.ts'
import { type AskPatiently, askPatiently } from './ask-patiently.ts'
import { type CloudLogin, type Connector, eachOf, type Holding, type Placement } from './connector.ts'
import { type RedirectFault, RedirectFailure } from './fault.ts'
import type { Wire } from './wire.ts'
import { readMacs, xmlRpcAccount } from './xml-rpc-account.ts'

/** `cfgPfProt`: how the phone fetches. */
const PROTOCOLS: Readonly<Record<string, string>> = { 'http:': '4', 'https:': '5' }

/**
 * Fanvil Device Provisioning Service over XML-RPC: phones are put into an entry of a server, one for each address. The
 * entry is named after its address, so a phone in it is a phone that is sent there.
 */
export function connectFanvil(account: CloudLogin, wire: Wire, ask: AskPatiently = askPatiently(wire)): Connector {
  const [user, plain] = [account.login['user']!.reveal(), account.login['password']!.reveal()]
  const password = hashFanvilPassword(plain)
  const call = xmlRpcAccount(ask, { url: account.url, user, password, secrets: [plain, password] })
  const nameOf = (address: string) =>
    `offhook-${createHash('sha256').update(`${user} ${address}`).digest('hex').slice(0, 12)}`
  const held = new Set<string>()

  const register = async ({ mac, address }: Placement, signal: AbortSignal): Promise<RedirectFault | null> => {
    const name = nameOf(address.reveal())
    if (!held.has(name)) {
      const { done, text } = await call('redirect.addMaterialServer', [describeServer(name, address.reveal())], signal)
      if (!done && !/had_exist/i.test(text)) return explain(text)
      held.add(name)
    }
    const id = mac.toUpperCase()
    // It is in one entry at most, and nothing moves it.
    const left = await call('redirect.deRegisterDevice', [id], signal)
    if (!left.done && explain(left.text).code === 'mac-refused') return explain(left.text)
    const { done, text } = await call('redirect.registerDevice', [id, name], signal)
    if (!done && /server_not_exist/i.test(text)) held.delete(name)
    return done ? null : explain(text)
  }

  const readList = async (method: string, parameters: string[], signal: AbortSignal): Promise<Set<Mac> | null> => {
    const { done, value, text } = await call(method, parameters, signal)
    if (!done && /not_exist/i.test(text)) return null
    if (!done || !Array.isArray(value)) throw new RedirectFailure('unreadable', `${method} of Fanvil: ${text}`)
    return new Set(readMacs(value))
  }

  return {
    register: (placements, signal) => eachOf(placements, (one) => register(one, signal)),
    unregister: (phones, signal) =>
      eachOf(phones, async ({ mac }) => {
        const { done, text } = await call('redirect.deRegisterDevice', [mac.toUpperCase()], signal)
        return done || /not_exist/i.test(text) ? null : explain(text)
      }),
    async find(placements, signal) {
      const all = (await readList('redirect.listDevices', [], signal)) ?? new Set<Mac>()
      const entries = new Map<string, Set<Mac> | null>()
      return eachOf(placements, async ({ mac, address }): Promise<Holding> => {
        const name = nameOf(address.reveal())
        if (!all.has(mac)) return { state: 'absent' }
        if (!entries.has(name)) entries.set(name, await readList('redirect.listDevicesByServer', [name], signal))
        return { state: 'ours', address: entries.get(name)?.has(mac) ? address : OTHER_ENTRY }
      })
    },
    async list(signal) {
      const all = (await readList('redirect.listDevices', [], signal)) ?? new Set<Mac>()
      return new Map([...all].map((mac) => [mac, null]))
    },
  }
}

/** Which one is not told. */
const OTHER_ENTRY = new Secret('(another entry of a server)')

/** MD5, in hex, of the MD5, in hex, of what the user types. */
export function hashFanvilPassword(password: string): string {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  return md5(md5(password))
}

/** What phones in the entry are told, DHCP and multicast switched off so that nobody else sends them elsewhere. */
function describeServer(name: string, address: string): string[] {
  const { protocol, host, pathname } = new URL(address)
  return [
    ...[`cfgName=${name}`, 'cfgPfMode=1', 'cfgDhcpOpt=false', 'cfgPnpEnable=false', `cfgPfSrv=${host}`],
    ...[`cfgPfName=${pathname.slice(1)}`, `cfgPfProt=${PROTOCOLS[protocol]!}`],
  ]
}

function explain(text: string): RedirectFault {
  if (/mac_format_error|mac_not_exist|device_not_support/i.test(text))
    return {
      ...{ code: 'mac-refused', field: 'mac', message: `Fanvil knows no phone with this MAC address (“${text}”).` },
      cure: 'Compare it with the label; a phone of another maker belongs to that maker’s service.',
    }
  if (/device_had_exist/i.test(text))
    return {
      ...{ code: 'owned-elsewhere', field: 'mac', message: `Another account at Fanvil holds this phone (“${text}”).` },
      cure: 'Have its former owner or dealer release it, or ask Fanvil support with proof of purchase.',
    }
  if (/url_format_error/i.test(text))
    return {
      ...{ code: 'address-refused', field: 'address', message: `Fanvil refuses the address (“${text}”).` },
      cure: 'OFFHOOK_PHONES_URL must be an http:// or https:// address that phones can reach.',
    }
  return {
    ...{ code: 'refused', field: 'account', message: `Fanvil refused (“${text}”).` },
    cure: 'See the account’s page at Fanvil.',
  }
}
