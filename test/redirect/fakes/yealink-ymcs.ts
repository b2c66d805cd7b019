import { randomBytes } from 'node:crypto'
import type { Mac } from '../../../src/model/mac.ts'
import { type FakeAsk, type FakeCloud, type FakeReply, makePhones, openFakeServer } from './fake-cloud.ts'

type Held = { id: string; mac: string; sn: string | null; uniqueServerUrl: string | null }

const ADD_KEYS = ['mac', 'sn', 'serverId', 'uniqueServerUrl', 'authName', 'password', 'remark']
const MOST = 100

/** YMCS open API v2 as its guide has it. `lastsS`: how long a token is good for. */
export async function openFakeYmcs(
  site: { macOnly?: boolean; lastsS?: number; tls?: { key: string; cert: string } } = {},
): Promise<FakeCloud & { url: string; revoke(): void; tokens: number }> {
  const { phone, foreign, alien, isMade } = makePhones('001565', (n) => `SN${String(n).padStart(14, '0')}`)
  const login = { 'access-key-id': 'ak-5f2c', 'access-key-secret': 'sk/With+Odd=Characters' }
  const held = new Map<string, Held>()
  const nonces = new Set<string>()
  const tokens = new Map<string, number>()
  const faults: string[] = []
  let issued = 0
  const refuse = (status: number, code: string, message: string): FakeReply => ({
    ...{ status, body: { code, message, requestId: randomBytes(4).toString('hex'), details: [] } },
  })
  const wrong = (what: string) => {
    faults.push(what)
    return refuse(400, '900400', what)
  }

  function answer(ask: FakeAsk): FakeReply {
    const { headers } = ask
    const [timestamp, nonce] = [String(headers['timestamp'] ?? ''), String(headers['nonce'] ?? '')]
    if (!/^\d{13}$/.test(timestamp) || Math.abs(Number(timestamp) - Date.now()) > 300_000)
      return refuse(401, '900401', 'timestamp is invalid')
    if (!/^[0-9a-f]{32}$/.test(nonce) || nonces.has(nonce)) return wrong('nonce')
    nonces.add(nonce)
    if (headers['content-type'] !== 'application/json') return wrong('content-type')
    let body: unknown
    try {
      body = JSON.parse(ask.body)
    } catch {
      return refuse(412, '900444', 'no body')
    }
    const path = ask.url.pathname
    if (path === '/v2/token') return giveToken(ask, body)
    const bearer = /^Bearer ([0-9a-f]{40})$/.exec(headers.authorization ?? '')?.[1]
    if (!bearer || (tokens.get(bearer) ?? 0) < Date.now())
      return refuse(401, '900401', 'Not logged in or session expired')
    const device = /^\/v2\/rps\/devices\/([\w-]+)$/.exec(path)?.[1]
    if (ask.method === 'PATCH' && device) return patch(device, body)
    if (ask.method !== 'POST') return refuse(405, '900405', 'method')
    switch (path) {
      case '/v2/rps/addDevices':
        return add(body, true)
      case '/v2/rps/addDevicesByMac':
        return site.macOnly ? add(body, false) : refuse(403, '900403', 'This request is forbidden')
      case '/v2/rps/delDevices':
        return remove(body)
      case '/v2/rps/listDevices':
        return list(body)
      default:
        return refuse(404, '900404', 'no such path')
    }
  }

  function giveToken({ headers }: FakeAsk, body: unknown): FakeReply {
    const expected = Buffer.from(`${login['access-key-id']}:${login['access-key-secret']}`).toString('base64')
    if (headers.authorization !== `Basic ${expected}`) return { status: 401, body: { error: 'invalid_client' } }
    if (JSON.stringify(body) !== '{"grant_type":"client_credentials"}')
      return { status: 400, body: { error: 'unsupported_grant_type', code: '70011' } }
    const token = randomBytes(20).toString('hex')
    const lastsS = site.lastsS ?? 86_400
    tokens.set(token, Date.now() + lastsS * 1_000)
    issued++
    return { status: 200, body: { access_token: token, token_type: 'bearer', expires_in: lastsS } }
  }

  function add(body: unknown, withSerial: boolean): FakeReply {
    if (!Array.isArray(body) || body.length === 0) return refuse(412, '900444', 'no body')
    if (body.length > MOST) return wrong('more than 100')
    const errors: object[] = []
    for (const item of body as Record<string, unknown>[]) {
      const { mac, sn, uniqueServerUrl } = item
      if (Object.keys(item).some((key) => !ADD_KEYS.includes(key))) return wrong('unknown member')
      if (typeof mac !== 'string' || !/^[0-9a-f]{12}$/.test(mac)) return wrong('mac')
      if (typeof uniqueServerUrl !== 'string' || !/^(https?|s?ftp|tftp):\/\/\S+$/.test(uniqueServerUrl))
        return wrong('url')
      if (withSerial && typeof sn !== 'string') return wrong('sn')
      const fault = judge(mac, withSerial ? (sn as string) : null)
      if (fault) errors.push({ mac, sn: sn ?? '', errorInfo: fault })
      else
        held.set(mac, {
          id: randomBytes(8).toString('hex'),
          mac,
          sn: (sn as string | undefined) ?? null,
          uniqueServerUrl,
        })
    }
    return batch(body.length, errors)
  }

  function judge(mac: string, sn: string | null): string | null {
    if (!isMade(mac)) return 'Invalid MAC'
    if (sn !== null && sn !== phone(parseInt(mac.slice(6), 16)).serial) return 'Invalid SN'
    if (mac === foreign.mac) return 'Device already managed by another organization'
    return held.has(mac) ? 'Resource already exists' : null
  }

  function remove(body: unknown): FakeReply {
    const { deviceIdType, deviceIds, ...rest } = body as { deviceIdType?: string; deviceIds?: string[] }
    if (deviceIdType !== 'mac' || !Array.isArray(deviceIds) || Object.keys(rest).length > 0) return wrong('delDevices')
    if (deviceIds.length > MOST) return wrong('more than 100')
    const errors = deviceIds
      .filter((mac) => !held.delete(mac))
      .map((mac) => ({ field: mac, msg: 'The resource does not exist or has been deleted' }))
    return batch(deviceIds.length, errors)
  }

  function list(body: unknown): FakeReply {
    const { skip, limit, filter } = body as { skip?: number; limit?: number; filter?: { mac?: string } }
    if (!Number.isInteger(skip) || !Number.isInteger(limit) || limit! < 1 || limit! > MOST || !filter)
      return wrong('list')
    const rows = [...held.values()].filter(({ mac }) => mac.includes(filter.mac ?? ''))
    const data = rows.slice(skip, skip! + limit!)
    return { status: 200, body: { skip, limit, total: rows.length, data: data.length === 0 ? null : data } }
  }

  function patch(id: string, body: unknown): FakeReply {
    const device = [...held.values()].find((one) => one.id === id)
    if (!device) return refuse(400, '900400', 'The resource does not exist or has been deleted')
    const { uniqueServerUrl, ...rest } = body as { uniqueServerUrl?: string }
    if (typeof uniqueServerUrl !== 'string' || Object.keys(rest).length > 0) return wrong('patch')
    device.uniqueServerUrl = uniqueServerUrl
    return { status: 204 }
  }

  const batch = (total: number, errors: object[]): FakeReply => ({
    status: 200,
    body: { total, successCount: total - errors.length, failureCount: errors.length, errors },
  })

  const server = await openFakeServer(answer, site.tls)
  return {
    ...{ ...server, faults, phone, foreign, alien, login },
    options: { url: server.url, ...(site.macOnly && { 'mac-only': 'yes' }) },
    held: (mac: Mac) => held.get(mac)?.uniqueServerUrl,
    alter(mac, address) {
      if (address === null) held.delete(mac)
      else held.get(mac)!.uniqueServerUrl = address
    },
    revoke: () => tokens.clear(),
    get tokens() {
      return issued
    },
  }
}
