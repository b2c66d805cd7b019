import { Secret } from '../model/secret.ts'
import type { Mac } from '../model/mac.ts'
import { type AskPatiently, askPatiently } from './ask-patiently.ts'
import { type CloudLogin, type Connector, eachOf, type Holding, type Placement } from './connector.ts'
import { type RedirectFault, RedirectFailure } from './fault.ts'
import { type AskHawk, hawkAccount, wordsOf } from './hawk-account.ts'
import { isObject, type JsonObject, macOf, objectsIn, readJson, readObject, textOf } from './read-json.ts'
import type { Reply, Wire } from './wire.ts'

/** Who runs a service of this kind, and the setting of theirs that holds a phone's address. */
export type HawkMaker = { maker: string; setting: string }

/** Where an account keeps its phones and under which name their address stands; found once. */
type Place = { endpoints: string; setting: string }

const MOST_PAGES = 1_000

/**
 * Snom's SRAPS, and Gigaset's GRAPE which speaks the same: resources that link to each other, an endpoint for each phone
 * with the settings that its owner gave it.
 */
export function connectHawk(
  account: CloudLogin,
  wire: Wire,
  { maker, setting }: HawkMaker,
  ask: AskPatiently = askPatiently(wire),
): Connector {
  const call = hawkAccount(account, ask)
  const { host } = new URL(account.url)
  const secrets = [account.login['key-secret']!.reveal()]
  let place: Promise<Place> | null = null
  const locate = async (signal: AbortSignal) => {
    place ??= findPlace(call, account, setting, signal)
    try {
      return await place
    } catch (error) {
      place = null
      throw error
    }
  }
  const read = async (mac: Mac, at: Place, signal: AbortSignal): Promise<JsonObject | null> => {
    const reply = await call('GET', at.endpoints + mac, undefined, signal)
    if (reply.status === 404) return null
    if (reply.status !== 200) throw unexpected(reply, host, secrets)
    return readObject(reply, host)
  }

  const register = async (placement: Placement, signal: AbortSignal): Promise<RedirectFault | null> => {
    const at = await locate(signal)
    const { mac, address } = placement
    const before = await read(mac, at, signal)
    const settings = before && isObject(before['settings_manager']) ? before['settings_manager'] : {}
    const body = {
      ...{ mac, autoprovisioning_enabled: true },
      settings_manager: { ...settings, [at.setting]: { value: address.reveal(), attrs: { perm: 'RW' } } },
    }
    const reply = await call('PUT', at.endpoints + mac, body, signal)
    if (reply.status >= 200 && reply.status < 300) return null
    return explain(maker, reply.status, wordsOf(reply, host, [...secrets, address.reveal()]))
  }

  return {
    register: (placements, signal) => eachOf(placements, (one) => register(one, signal)),
    unregister: (phones, signal) =>
      eachOf(phones, async ({ mac }) => {
        const { endpoints } = await locate(signal)
        const reply = await call('DELETE', endpoints + mac, undefined, signal)
        if (reply.status === 404 || (reply.status >= 200 && reply.status < 300)) return null
        return explain(maker, reply.status, wordsOf(reply, host, secrets))
      }),
    find: (phones, signal) =>
      eachOf(phones, async ({ mac }): Promise<Holding> => {
        const at = await locate(signal)
        const endpoint = await read(mac, at, signal)
        return endpoint ? { state: 'ours', address: addressIn(endpoint, at) } : { state: 'absent' }
      }),
    async list(signal) {
      const at = await locate(signal)
      const rows = await readPages(call, `${at.endpoints}?page_size=1000`, host, signal)
      return new Map(
        rows.flatMap((row) => {
          const mac = macOf(row, 'mac')
          return mac === null ? [] : [[mac, addressIn(row, at)] as const]
        }),
      )
    },
  }
}

function addressIn(endpoint: JsonObject, { setting }: Place): Secret | null {
  const settings = endpoint['settings_manager']
  const held = isObject(settings) ? settings[setting] : undefined
  const value = isObject(held) ? textOf(held, 'value') : null
  return value === null ? null : new Secret(value)
}

async function findPlace(call: AskHawk, account: CloudLogin, setting: string, signal: AbortSignal): Promise<Place> {
  const { host } = new URL(account.url)
  const id = account.login['key-id']!.reveal()
  const company = await follow(call, `${account.url}/tokens/${encodeURIComponent(id)}`, 'company', host, signal)
  const endpoints = await follow(call, company, 'endpoints', host, signal)
  const settings = await readPages(call, `${account.url}/settings/?page_size=1000`, host, signal)
  const uuid = settings.filter((one) => textOf(one, 'param_name') === setting).map((one) => textOf(one, 'uuid'))[0]
  if (!uuid) throw new RedirectFailure('unreadable', `${host} has no setting ${setting}.`)
  return { endpoints: endpoints.endsWith('/') ? endpoints : `${endpoints}/`, setting: uuid }
}

/** Reads a resource and gives the address of one that it links to. */
async function follow(call: AskHawk, url: string, link: string, host: string, signal: AbortSignal): Promise<string> {
  const reply = await call('GET', url, undefined, signal)
  if (reply.status !== 200) throw unexpected(reply, host, [])
  const { links } = readObject(reply, host)
  const target = isObject(links) ? textOf(links, link) : null
  if (target === null) throw new RedirectFailure('unreadable', `${host} does not say where its ${link} are.`)
  return new URL(target, url).href
}

/** Pages follow each other by links (RFC 8288). */
async function readPages(call: AskHawk, first: string, host: string, signal: AbortSignal): Promise<JsonObject[]> {
  const rows: JsonObject[] = []
  let url: string | null = first
  for (let page = 0; url !== null && page < MOST_PAGES; page++) {
    const reply: Reply = await call('GET', url, undefined, signal)
    if (reply.status !== 200) throw unexpected(reply, host, [])
    const items = readJson(reply, host)
    if (!Array.isArray(items))
      throw new RedirectFailure('unreadable', `${host} answered with something that is no list.`)
    rows.push(...objectsIn(items))
    const next = /<([^<>]*)>\s*;\s*rel="?next"?/.exec(String(reply.headers['link'] ?? ''))?.[1]
    url = next === undefined ? null : new URL(next, url).href
  }
  return rows
}

function unexpected(reply: Reply, host: string, secrets: readonly string[]): RedirectFailure {
  return new RedirectFailure('unreadable', `${host} answered ${reply.status}: ${wordsOf(reply, host, secrets)}`)
}

function explain(maker: string, status: number, words: string): RedirectFault {
  const said = `${status}${words && `, “${words}”`}`
  if (status === 409)
    return {
      ...{ code: 'owned-elsewhere', field: 'mac', message: `Another account at ${maker} holds this phone (${said}).` },
      cure: `Have its former owner or dealer release it, or ask ${maker} support with proof of purchase.`,
    }
  if (/\b(url|setting|value)\b/i.test(words))
    return {
      ...{ code: 'address-refused', field: 'address', message: `${maker} refuses the address (${said}).` },
      cure: 'OFFHOOK_PHONES_URL must be an http:// or https:// address that phones can reach.',
    }
  if (status === 400 || status === 404 || status === 422)
    return {
      ...{ code: 'mac-refused', field: 'mac', message: `${maker} knows no phone with this MAC address (${said}).` },
      cure: 'Compare it with the label; a phone of another maker belongs to that maker’s service.',
    }
  return {
    ...{ code: 'refused', field: 'account', message: `${maker} refused (${said}).` },
    cure: `See the account’s page at ${maker}.`,
  }
}
