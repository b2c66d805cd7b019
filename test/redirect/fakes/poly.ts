import type { Mac } from '../../../src/model/mac.ts'
import { type FakeAsk, type FakeCloud, type FakeReply, makePhones, openFakeServer } from './fake-cloud.ts'

const BASE = '/v1'
type Profile = {
  id: string
  name: string
  enabled: boolean
  template: { provisioning: { server: { address: string } } }
}

/** Poly ZTP REST API v1: devices in profiles, a key in a header, pages that follow a cursor. */
export async function openFakePoly(
  site: { page?: number } = {},
): Promise<FakeCloud & { profiles: Profile[]; devices: Map<string, string> }> {
  const { phone, foreign, alien, isMade } = makePhones('64167f', () => '')
  const key = 'poly-api-key-0123456789'
  const profiles: Profile[] = []
  const devices = new Map<string, string>()
  const faults: string[] = []
  const page = site.page ?? 50

  function answer(ask: FakeAsk): FakeReply {
    if (ask.headers['api-key'] !== key) return { status: 401, body: { message: 'Unauthorized' } }
    const path = ask.url.pathname.slice(BASE.length)
    if (path === '/profiles' && ask.method === 'GET') return givePage(ask, profiles)
    if (path === '/profiles' && ask.method === 'POST') return addProfile(ask)
    if (path === '/devices' && ask.method === 'GET')
      return givePage(
        ask,
        [...devices].map(([id, profileid]) => ({ id, profileid })),
      )
    if (path === '/devices' && ask.method === 'POST') return addDevice(ask)
    const id = /^\/devices\/([^/]+)$/.exec(path)?.[1]
    if (id === undefined) return { status: 404, body: { message: 'Not Found' } }
    if (!/^[0-9A-F]{12}$/.test(id) || !isMade(id)) return { status: 400, body: { message: 'Invalid MAC address' } }
    if (id.toLowerCase() === foreign.mac)
      return { status: ask.method === 'GET' ? 404 : 409, body: { message: 'Conflict' } }
    if (ask.method === 'GET')
      return devices.has(id)
        ? { status: 200, body: { id, profileid: devices.get(id) } }
        : { status: 404, body: { message: 'Not Found' } }
    if (ask.method === 'DELETE')
      return devices.delete(id) ? { status: 200, body: {} } : { status: 404, body: { message: 'Not Found' } }
    return { status: 405 }
  }

  function givePage({ url }: FakeAsk, rows: unknown[]): FakeReply {
    const limit = Math.min(Number(url.searchParams.get('limit') ?? '50'), page)
    const start = Number(url.searchParams.get('cursor') ?? '0')
    const next = start + limit < rows.length ? String(start + limit) : null
    return { status: 200, body: { results: rows.slice(start, start + limit), next } }
  }

  function addProfile({ headers, body }: FakeAsk): FakeReply {
    const { name, enabled, template, ...rest } = JSON.parse(body) as Profile
    const address = template.provisioning.server.address
    if (
      headers['content-type'] !== 'application/json' ||
      typeof name !== 'string' ||
      !enabled ||
      Object.keys(rest).length > 0
    ) {
      faults.push('profile')
      return { status: 400, body: { message: 'Bad Request' } }
    }
    if (!/^https?:\/\//.test(address)) return { status: 400, body: { message: 'Invalid address' } }
    if (profiles.some((one) => one.name === name)) return { status: 409, body: { message: 'Conflict' } }
    const profile = { id: `p-${profiles.length + 1}`, name, enabled, template }
    profiles.push(profile)
    return { status: 200, body: profile }
  }

  function addDevice({ headers, body }: FakeAsk): FakeReply {
    const { id, profile, ...rest } = JSON.parse(body) as { id: string; profile: string }
    if (headers['content-type'] !== 'application/json' || Object.keys(rest).length > 0) {
      faults.push('device')
      return { status: 400, body: { message: 'Bad Request' } }
    }
    if (!/^[0-9A-F]{12}$/.test(id) || !isMade(id)) return { status: 400, body: { message: 'Invalid MAC address' } }
    if (!profiles.some((one) => one.id === profile)) return { status: 400, body: { message: 'Invalid profile' } }
    if (id.toLowerCase() === foreign.mac || devices.has(id)) return { status: 409, body: { message: 'Conflict' } }
    devices.set(id, profile)
    return { status: 200, body: { id, profile } }
  }

  const server = await openFakeServer(answer)
  const addressOf = (id: string) => profiles.find((one) => one.id === id)?.template.provisioning.server.address
  return {
    ...{ ...server, faults, phone, foreign, alien, profiles, devices },
    login: { 'api-key': key },
    options: { url: server.url + BASE },
    held(mac: Mac) {
      const id = devices.get(mac.toUpperCase())
      return id === undefined ? undefined : addressOf(id)
    },
    alter(mac, address) {
      if (address === null) devices.delete(mac.toUpperCase())
      else {
        profiles.push({
          id: 'other',
          name: 'other',
          enabled: true,
          template: { provisioning: { server: { address } } },
        })
        devices.set(mac.toUpperCase(), 'other')
      }
    },
  }
}
