import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Mac } from '../../../src/model/mac.ts'
import { type FakeAsk, type FakeCloud, type FakeReply, makePhones, openFakeServer } from './fake-cloud.ts'

const BASE = '/api/v1'
const SKEW_S = 60

type Endpoint = { mac: string; autoprovisioning_enabled: boolean; settings_manager: Record<string, Setting> }
type Setting = { value: string; attrs: { perm: string } }

/** Attributes of a Hawk header, each once, of the characters that the scheme allows; null for anything else. */
export function readHawkHeader(header: string): Map<string, string> | null {
  if (!header.startsWith('Hawk ')) return null
  const attributes = new Map<string, string>()
  for (const part of header.slice(5).split(/,\s*/)) {
    const found = /^(id|ts|nonce|hash|ext|mac|app|dlg)="([ \w!#$%&'()*+,\-./:;<=>?@[\]^`{|}~]*)"$/.exec(part)
    if (!found || attributes.has(found[1]!)) return null
    attributes.set(found[1]!, found[2]!)
  }
  return ['id', 'ts', 'nonce', 'mac'].every((name) => attributes.has(name)) ? attributes : null
}

/** What the scheme's README calls the normalized request string, and its HMAC. */
export function macOfHawk(
  key: string,
  parts: {
    ts: string
    nonce: string
    method: string
    uri: string
    host: string
    port: string
    hash: string
    ext: string
  },
): string {
  const { ts, nonce, method, uri, host, port, hash, ext } = parts
  let text = 'hawk.1.header\n'
  for (const line of [ts, nonce, method, uri, host, port, hash, ext]) text += `${line}\n`
  return createHmac('sha256', Buffer.from(key, 'utf8')).update(text, 'utf8').digest('base64')
}

/** Snom's SRAPS, or Gigaset's GRAPE with its own setting: resources with links, requests signed with Hawk. */
export async function openFakeHawk(
  site: { setting: string; oui: string; clockOffS?: number; page?: number } = {
    setting: 'setting_server',
    oui: '000413',
  },
): Promise<FakeCloud & { endpoints: Map<string, Endpoint>; uuid: string; linkTo(url: string | null): void }> {
  const { phone, foreign, alien, isMade } = makePhones(site.oui, () => '')
  const login = { 'key-id': 'ck_685f8911c8744e0b', 'key-secret': '9fed0906a5994c4992728d74a1a9ce79' }
  const uuid = 'b5a1f6de-0000-4000-8000-000000000001'
  const uuids = new Map([
    ['b5a1f6de-0000-4000-8000-000000000000', 'user_name'],
    [uuid, site.setting],
  ])
  const endpoints = new Map<string, Endpoint>()
  const nonces = new Set<string>()
  const faults: string[] = []
  let elsewhere: string | null = null
  const page = site.page ?? 1

  function verify({ method, url, headers, body }: FakeAsk): FakeReply | null {
    const refused = (why: string): FakeReply => ({
      status: 401,
      headers: { 'www-authenticate': `Hawk error="${why}"` },
    })
    const attributes = readHawkHeader(headers.authorization ?? '')
    if (!attributes) return refused('Bad header')
    const get = (name: string) => attributes.get(name) ?? ''
    if (get('id') !== login['key-id']) return refused('Unknown credentials')
    const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
    const payload = createHash('sha256').update(`hawk.1.payload\n${type}\n${body}\n`, 'utf8').digest('base64')
    const uri = url.pathname + url.search
    const mac = macOfHawk(login['key-secret'], {
      ...{ ts: get('ts'), nonce: get('nonce'), method, uri, host: url.hostname, port: url.port },
      ...{ hash: get('hash'), ext: get('ext') },
    })
    if (mac.length !== get('mac').length || !timingSafeEqual(Buffer.from(mac), Buffer.from(get('mac'))))
      return refused('Bad mac')
    if (get('hash') !== payload) return refused('Bad payload hash')
    if (nonces.has(get('nonce') + get('ts'))) return refused('Invalid nonce')
    nonces.add(get('nonce') + get('ts'))
    const nowS = Math.floor(Date.now() / 1_000) + (site.clockOffS ?? 0)
    if (!/^\d+$/.test(get('ts')) || Math.abs(Number(get('ts')) - nowS) > SKEW_S) {
      const tsm = createHmac('sha256', login['key-secret']).update(`hawk.1.ts\n${nowS}\n`).digest('base64')
      return {
        status: 401,
        headers: { 'www-authenticate': `Hawk ts="${nowS}", tsm="${tsm}", error="Stale timestamp"` },
      }
    }
    return null
  }

  function answer(ask: FakeAsk): FakeReply {
    const refusal = verify(ask)
    if (refusal) return refusal
    const base = `http://${ask.url.host}${BASE}`
    const path = ask.url.pathname
    if (path === `${BASE}/tokens/${login['key-id']}`)
      return { status: 200, body: { links: { company: `${elsewhere ?? base}/companies/7/` } } }
    if (path === `${BASE}/companies/7/`)
      return { status: 200, body: { links: { endpoints: `${base}/companies/7/endpoints/` } } }
    if (path === `${BASE}/settings/`)
      return givePage(
        ask,
        [...uuids].map(([id, param_name]) => ({ uuid: id, param_name })),
      )
    if (path === `${BASE}/companies/7/endpoints/`) return givePage(ask, [...endpoints.values()])
    const mac = /^\/api\/v1\/companies\/7\/endpoints\/([^/]*)$/.exec(path)?.[1]
    return mac === undefined ? { status: 404, body: { message: 'Not found' } } : atEndpoint(ask, mac)
  }

  /** Pages that hold no more than the service likes, whatever is asked for. */
  function givePage({ url }: FakeAsk, rows: object[]): FakeReply {
    const at = Number(url.searchParams.get('page') ?? '1')
    const more = rows.length > at * page
    const next = new URL(url)
    next.searchParams.set('page', String(at + 1))
    return {
      ...{ status: 200, body: rows.slice((at - 1) * page, at * page) },
      headers: more ? { link: `<${next.href}>; rel="next"` } : {},
    }
  }

  function atEndpoint({ method, body }: FakeAsk, mac: string): FakeReply {
    const invalid = (message: string): FakeReply => ({ status: 400, body: { message } })
    if (!/^[0-9a-f]{12}$/.test(mac)) {
      faults.push('mac')
      return invalid('Malformed mac')
    }
    if (method === 'GET') {
      const found = endpoints.get(mac)
      return found ? { status: 200, body: found } : { status: 404, body: { message: 'Not found' } }
    }
    if (method === 'DELETE') return endpoints.delete(mac) ? { status: 204 } : { status: 404, body: {} }
    if (method !== 'PUT') return { status: 405 }
    const given = JSON.parse(body) as Endpoint
    if (Object.keys(given).sort().join() !== 'autoprovisioning_enabled,mac,settings_manager' || given.mac !== mac) {
      faults.push('endpoint')
      return invalid('Schema')
    }
    for (const [id, setting] of Object.entries(given.settings_manager)) {
      if (!uuids.has(id)) return invalid('Unknown setting')
      if (typeof setting.value !== 'string' || !['RW', 'R', ''].includes(setting.attrs.perm))
        return invalid('Setting value')
    }
    if (!/^https?:\/\//.test(given.settings_manager[uuid]?.value ?? '')) return invalid('Malformed url')
    if (!isMade(mac)) return invalid('MAC address is not one of ours')
    if (mac === foreign.mac) return { status: 409, body: { message: 'Endpoint is registered by another company' } }
    const isNew = !endpoints.has(mac)
    endpoints.set(mac, given)
    return { status: isNew ? 201 : 200, body: given }
  }

  const server = await openFakeServer(answer)
  return {
    ...{ ...server, faults, phone, foreign, alien, login, endpoints, uuid },
    options: { url: server.url + BASE },
    held: (mac: Mac) => endpoints.get(mac)?.settings_manager[uuid]?.value,
    alter(mac, address) {
      if (address === null) endpoints.delete(mac)
      else endpoints.get(mac)!.settings_manager[uuid]!.value = address
    },
    linkTo: (url) => (elsewhere = url),
  }
}
