import { createHash } from 'node:crypto'
import type { Mac } from '../model/mac.ts'
import { type AskPatiently, askPatiently } from './ask-patiently.ts'
import { type CloudLogin, type Connector, eachOf, type Holding, type Placement } from './connector.ts'
import { quoteAnswer, type RedirectFault, RedirectFailure } from './fault.ts'
import type { Wire } from './wire.ts'
import { type AskPair, readMacs, xmlRpcAccount } from './xml-rpc-account.ts'

/** Yealink's older interface, “XML API for Redirection and Provisioning Service (RPS)” 1.3: one call a phone. */
export function connectYealinkRps(account: CloudLogin, wire: Wire, ask: AskPatiently = askPatiently(wire)): Connector {
  const [user, password] = [account.login['user']!.reveal(), account.login['password']!.reveal()]
  const call = xmlRpcAccount(ask, { url: account.url, user, password, secrets: [password] })
  // Names are taken for all accounts together, and have up to 20 characters.
  const server = account.options['server'] ?? `offhook-${createHash('sha256').update(user).digest('hex').slice(0, 12)}`
  return {
    register: (placements, signal) => eachOf(placements, (one) => register(call, server, one, signal)),
    unregister: (phones, signal) =>
      eachOf(phones, async ({ mac }) => {
        const held = await check(call, mac, signal)
        if ('code' in held) return held
        if (held.state !== 'ours') return null
        const { done, text } = await call('redirect.deRegisterDevice', [mac.toUpperCase()], signal)
        return done ? null : explain(text)
      }),
    find: (phones, signal) =>
      eachOf(phones, async ({ mac }) => {
        const held = await check(call, mac, signal)
        return 'code' in held ? { state: 'absent' } : held
      }),
    async list(signal) {
      const { done, value, text } = await call('redirect.listDevices', [], signal)
      if (!done || !Array.isArray(value)) throw new RedirectFailure('unreadable', `redirect.listDevices: ${text}`)
      return new Map(readMacs(value).map((mac) => [mac, null]))
    },
  }
}

/**
 * With its own address for each phone, under the account's entry of a server. What is held already is overridden only if
 * it is the account's own: the same flag would also take a phone away from another.
 */
async function register(
  call: AskPair,
  server: string,
  { mac, address }: Placement,
  signal: AbortSignal,
): Promise<RedirectFault | null> {
  const held = await check(call, mac, signal)
  if ('code' in held) return held
  const parameters = [mac.toUpperCase(), server, address.reveal(), held.state === 'ours' ? '1' : '0']
  const method = 'redirect.registerDeviceWithUniqueUrl'
  let answer = await call(method, parameters, signal)
  if (!answer.done && /invalid server/i.test(answer.text)) {
    const added = await call('redirect.addServer', [server, `${new URL(address.reveal()).origin}/`], signal)
    if (!added.done) return explain(added.text)
    answer = await call(method, parameters, signal)
  }
  return answer.done ? null : explain(quoteAnswer(answer.text, [address.reveal()]))
}

async function check(call: AskPair, mac: Mac, signal: AbortSignal): Promise<Holding | RedirectFault> {
  const { text } = await call('redirect.checkDevice', [mac.toUpperCase()], signal)
  switch (text.toLowerCase()) {
    case 'registered':
      return { state: 'ours', address: null }
    case 'registered elsewhere':
      return { state: 'elsewhere' }
    case 'unregistered':
    case 'unknown':
      return { state: 'absent' }
    default:
      return explain(text)
  }
}

function explain(text: string): RedirectFault {
  if (/invalid mac/i.test(text))
    return {
      ...{ code: 'mac-refused', field: 'mac', message: `Yealink knows no phone with this MAC address (“${text}”).` },
      cure: 'Compare it with the label; a phone of another maker belongs to that maker’s service.',
    }
  if (/elsewhere|override|existing mac|^error:[a-z0-9]{10}$/i.test(text))
    return {
      ...{ code: 'owned-elsewhere', field: 'mac', message: `Another account at Yealink holds this phone (“${text}”).` },
      cure: 'Have its former owner or dealer release it, or ask Yealink support with proof of purchase.',
    }
  if (/invalid server|server name/i.test(text))
    return {
      ...{ code: 'profile-unknown', field: 'profile', message: `Yealink refuses the entry of the server (“${text}”).` },
      cure: 'Choose another name of letters, digits, - _ and . with offhook redirect set ID --set server=NAME',
    }
  if (/url/i.test(text))
    return {
      ...{ code: 'address-refused', field: 'address', message: `Yealink refuses the address (“${text}”).` },
      cure: 'OFFHOOK_PHONES_URL must be an http:// or https:// address that phones can reach.',
    }
  return {
    ...{ code: 'refused', field: 'account', message: `Yealink refused (“${text}”).` },
    cure: 'See the account’s page at Yealink.',
  }
}
