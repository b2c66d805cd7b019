import { createHash } from 'node:crypto'
import { Secret } from '../model/secret.ts'
import { type AskPatiently, askPatiently } from './ask-patiently.ts'
import { type CloudLogin, type Connector, eachOf, type Holding, type Placement } from './connector.ts'
import { type RedirectFault, RedirectFailure } from './fault.ts'
import { type AskPoly, polyAccount } from './poly-account.ts'
import { isObject, type JsonObject, macOf, objectsIn, textOf } from './read-json.ts'
import type { Wire } from './wire.ts'

const PAGE = 50
const MOST_PAGES = 2_000

/** Poly Zero Touch Provisioning, REST API v1. A phone is put into a profile, and the profile holds the address. */
export function connectPoly(account: CloudLogin, wire: Wire, ask: AskPatiently = askPatiently(wire)): Connector {
  const call = polyAccount(account, ask)
  const named = account.options['profile'] ?? null
  /** Addresses of profiles, by id. */
  const readAddresses = async (signal: AbortSignal) =>
    new Map((await readPages(call, '/profiles', signal)).map((row) => [textOf(row, 'id'), addressOf(row)] as const))

  const register = async (
    placement: Placement,
    profile: string | RedirectFault,
    signal: AbortSignal,
  ): Promise<RedirectFault | null> => {
    if (typeof profile !== 'string') return profile
    const id = placement.mac.toUpperCase()
    const before = await call('GET', `/devices/${id}`, undefined, signal)
    if (before.status === 200) {
      if (profileOf(before.body) === profile) return null
      // No call changes the profile of a device.
      const gone = await call('DELETE', `/devices/${id}`, undefined, signal)
      if (gone.status !== 200 && gone.status !== 204) return explain(gone.status, gone.words)
    } else if (before.status !== 404) return explain(before.status, before.words)
    const made = await call('POST', '/devices', { id, profile }, signal)
    return made.status === 200 || made.status === 201 ? null : explain(made.status, made.words)
  }

  return {
    async register(placements, signal) {
      const profiles = new Map<string, string | RedirectFault>()
      for (const { address } of placements)
        if (!profiles.has(address.reveal()))
          profiles.set(address.reveal(), await chooseProfile(call, named, address.reveal(), signal))
      return eachOf(placements, (one) => register(one, profiles.get(one.address.reveal())!, signal))
    },
    unregister: (phones, signal) =>
      eachOf(phones, async ({ mac }) => {
        const { status, words } = await call('DELETE', `/devices/${mac.toUpperCase()}`, undefined, signal)
        // 409: it is another account's, so it is not this one's any more.
        return [200, 204, 404, 409].includes(status) ? null : explain(status, words)
      }),
    async find(phones, signal) {
      const addresses = await readAddresses(signal)
      return eachOf(phones, async ({ mac }): Promise<Holding> => {
        const { status, body, words } = await call('GET', `/devices/${mac.toUpperCase()}`, undefined, signal)
        if (status === 404 || status === 400) return { state: 'absent' }
        if (status === 409) return { state: 'elsewhere' }
        if (status !== 200) throw new RedirectFailure('unreadable', `Poly answered ${status}: ${words}`)
        return { state: 'ours', address: addresses.get(profileOf(body)) ?? null }
      })
    },
    async list(signal) {
      const addresses = await readAddresses(signal)
      const rows = await readPages(call, '/devices', signal)
      return new Map(
        rows.flatMap((row) => {
          const mac = macOf(row, 'id')
          return mac === null ? [] : [[mac, addresses.get(profileOf(row)) ?? null] as const]
        }),
      )
    },
  }
}

/** The id of the profile with this address: the one that was named, else any that is ours, else a new one. */
async function chooseProfile(
  call: AskPoly,
  named: string | null,
  address: string,
  signal: AbortSignal,
): Promise<string | RedirectFault> {
  const rows = await readPages(call, '/profiles', signal)
  const own = `offhook-${createHash('sha256').update(address).digest('hex').slice(0, 12)}`
  const row = rows.find((one) => [textOf(one, 'id'), textOf(one, 'name')].includes(named ?? own))
  const id = row && textOf(row, 'id')
  if (id) {
    const held = addressOf(row)
    if (held === null || held.reveal() === address) return id
    return {
      ...{ code: 'profile-unknown', field: 'profile' },
      message: `The profile ${named ?? own} at Poly sends phones somewhere else.`,
      cure: `Set its provisioning server there to ${address}, or leave the profile to Offhook: offhook redirect set ID --set profile=`,
    }
  }
  if (named !== null)
    return {
      ...{ code: 'profile-unknown', field: 'profile', message: `The account at Poly has no profile ${named}.` },
      cure: 'Name one that is there, or leave it to Offhook: offhook redirect set ID --set profile=',
    }
  const provisioning = { server: { address, username: '', password: '' }, polling: false, quickSetup: false }
  const body = { name: own, enabled: true, template: { provisioning } }
  const made = await call('POST', '/profiles', body, signal)
  const fresh = isObject(made.body) ? textOf(made.body, 'id') : null
  if ((made.status === 200 || made.status === 201) && fresh !== null) return fresh
  throw new RedirectFailure('unreadable', `Poly made no profile (${made.status}): ${made.words}`)
}

function addressOf(profile: JsonObject): Secret | null {
  const { template } = profile
  const provisioning = isObject(template) ? template['provisioning'] : undefined
  const server = isObject(provisioning) ? provisioning['server'] : undefined
  const address = isObject(server) ? textOf(server, 'address') : null
  return address === null ? null : new Secret(address)
}

/** The one that answers is spelled otherwise than the one that is asked. */
function profileOf(device: unknown): string | null {
  return isObject(device) ? (textOf(device, 'profileid') ?? textOf(device, 'profile')) : null
}

async function readPages(call: AskPoly, path: string, signal: AbortSignal): Promise<JsonObject[]> {
  const rows: JsonObject[] = []
  let cursor: string | null = ''
  for (let page = 0; cursor !== null && page < MOST_PAGES; page++) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const { status, body, words } = await call('GET', `${path}?limit=${PAGE}${query}`, undefined, signal)
    if (status !== 200 || !isObject(body) || !Array.isArray(body['results']))
      throw new RedirectFailure('unreadable', `Poly answered ${path} with ${status}: ${words}`)
    rows.push(...objectsIn(body['results']))
    cursor = textOf(body, 'next') ?? textOf(body, 'cursor')
  }
  return rows
}

function explain(status: number, words: string): RedirectFault {
  const said = `${status}${words && `, “${words}”`}`
  if (status === 409)
    return {
      ...{ code: 'owned-elsewhere', field: 'mac', message: `Another account at Poly holds this phone (${said}).` },
      cure: 'Have its former owner or dealer release it, or ask Poly support with proof of purchase.',
    }
  if (status === 400 || status === 422)
    return {
      ...{ code: 'mac-refused', field: 'mac', message: `Poly knows no phone with this MAC address (${said}).` },
      cure: 'Compare it with the label; a phone of another maker belongs to that maker’s service.',
    }
  return {
    ...{ code: 'refused', field: 'account', message: `Poly refused (${said}).` },
    cure: 'See the account’s page at Poly.',
  }
}
