import { type AskPatiently, askPatiently } from './ask-patiently.ts'
import { type CloudLogin, type Connector, eachOf, type Holding, type Phone, type Placement } from './connector.ts'
import { quoteAnswer, type RedirectFault } from './fault.ts'
import type { Wire } from './wire.ts'
import { type AskPair, xmlRpcAccount } from './xml-rpc-account.ts'

/** The four characters behind the MAC address on the label, alone or as the whole MAC-ID. */
const MAC_ID = /^(?:[0-9A-Fa-f]{12}-)?([0-9A-Za-z]{4})$/

/** Gigaset's redirect server: one XML-RPC call a phone, which is named by its MAC-ID. */
export function connectGigaset(account: CloudLogin, wire: Wire, ask: AskPatiently = askPatiently(wire)): Connector {
  const [user, password] = [account.login['user']!.reveal(), account.login['password']!.reveal()]
  const call = xmlRpcAccount(ask, { url: account.url, user, password, secrets: [password] })
  const macOnly = account.options['mac-only'] === 'yes'
  const provider = account.options['provider']!

  const register = async (placement: Placement, signal: AbortSignal): Promise<RedirectFault | null> => {
    const id = readId(placement, macOnly)
    if (typeof id !== 'string') return id
    // What is held already cannot be changed, only forgotten and told anew.
    const held = await check(call, id, signal)
    if ('code' in held) return held
    if (held.state === 'ours') {
      const { done, text } = await call('autoprov.deregisterDevice', [id], signal)
      if (!done) return explain(text, provider)
    }
    const address = placement.address.reveal()
    const { done, text } = await call('autoprov.registerDevice', [id, address, provider], signal)
    return done ? null : explain(quoteAnswer(text, [address]), provider)
  }

  return {
    register: (placements, signal) => eachOf(placements, (one) => register(one, signal)),
    unregister: (phones, signal) =>
      eachOf(phones, async (phone) => {
        const id = readId(phone, macOnly)
        if (typeof id !== 'string') return id
        const { done, text } = await call('autoprov.deregisterDevice', [id], signal)
        return done || /^mac_not_found/i.test(text) ? null : explain(text, provider)
      }),
    find: (phones, signal) =>
      eachOf(phones, async (phone): Promise<Holding> => {
        const id = readId(phone, macOnly)
        const held = typeof id === 'string' ? await check(call, id, signal) : id
        return 'code' in held ? { state: 'absent' } : held
      }),
    list: null,
  }
}

function readId({ mac, serial }: Phone, macOnly: boolean): string | RedirectFault {
  if (macOnly) return mac.toUpperCase()
  const code = serial === null ? undefined : MAC_ID.exec(serial)?.[1]
  if (code !== undefined) return `${mac.toUpperCase()}-${code.toUpperCase()}`
  const cure =
    'Give the four characters behind the MAC address on the label: offhook redirect send ACCOUNT MAC --serial XXXX'
  return serial === null
    ? { code: 'serial-missing', field: 'serial', message: 'Gigaset wants the MAC-ID of the phone.', cure }
    : { code: 'serial-refused', field: 'serial', message: 'This is not the end of a MAC-ID.', cure }
}

async function check(call: AskPair, id: string, signal: AbortSignal): Promise<Holding | RedirectFault> {
  const { done, text } = await call('autoprov.checkDevice', [id], signal)
  if (done) return { state: 'ours', address: null }
  if (/^mac_not_found/i.test(text)) return { state: 'absent' }
  if (/^mac_already_in_use/i.test(text)) return { state: 'elsewhere' }
  return explain(text, '')
}

function explain(text: string, provider: string): RedirectFault {
  if (/^mac_(invalid|not_exist)/i.test(text))
    return {
      ...{ code: 'mac-refused', field: 'mac', message: `Gigaset knows no phone with this MAC-ID (“${text}”).` },
      cure: 'Compare MAC address and the four characters behind it with the label; a phone of another maker belongs to that maker’s service.',
    }
  if (/^mac_already_in_use/i.test(text))
    return {
      ...{ code: 'owned-elsewhere', field: 'mac', message: `Another account at Gigaset holds this phone (“${text}”).` },
      cure: 'Have its former owner or dealer release it, or ask Gigaset support with proof of purchase.',
    }
  if (/^url_invalid/i.test(text))
    return {
      ...{ code: 'address-refused', field: 'address', message: `Gigaset refuses the address (“${text}”).` },
      cure: 'OFFHOOK_PHONES_URL must be an http:// or https:// address that phones can reach.',
    }
  if (/^name_invalid/i.test(text))
    return {
      ...{ code: 'profile-unknown', field: 'profile', message: `Gigaset knows no provider ${provider} (“${text}”).` },
      cure: 'Set the name that Gigaset gave the account: offhook redirect set ID --set provider=NAME',
    }
  return {
    ...{ code: 'refused', field: 'account', message: `Gigaset refused (“${text}”).` },
    cure: 'See the account’s page at Gigaset.',
  }
}
