import { createHash, randomBytes } from 'node:crypto'
import type { Mac } from '../../../src/model/mac.ts'
import { type FakeAsk, type FakeCloud, type FakeReply, makePhones, openFakeServer } from './fake-cloud.ts'

const SITE = 3345
const MOST = 100

/** The GDMS API guide's signature, built as its examples are: parameters in order, then the body's hash. */
export function signatureOfGuide(token: string, id: string, secret: string, timestamp: string, body: string): string {
  const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
  const head = `&access_token=${token}&client_id=${id}&client_secret=${secret}&timestamp=${timestamp}&`
  return sha256(body.length > 0 ? `${head}${sha256(body)}&` : head)
}

/** Grandstream's GDMS. Phones stand in sites; where a site sends them is set by hand and told by no call. */
export async function openFakeGdms(
  site: { lastsS?: number } = {},
): Promise<FakeCloud & { sites: Map<string, number>; revoke(): void }> {
  const { phone, foreign, alien, isMade } = makePhones('c074ad', (n) => `20EZ${String(n).padStart(8, '0')}`)
  const login = { 'api-id': '102030', 'secret-key': 'gdms-secret-key', user: 'acme', password: 'pass word' }
  const md5 = createHash('md5').update(login.password).digest('hex')
  const password = createHash('sha256').update(md5).digest('hex')
  const sites = new Map<string, number>()
  const tokens = new Map<string, number>()
  const faults: string[] = []
  const ok = (data: unknown): FakeReply => ({ status: 200, body: { retCode: 0, msg: '', data } })
  const refuse = (retCode: number, msg: string): FakeReply => ({ status: 200, body: { retCode, msg } })
  const wrong = (what: string) => {
    faults.push(what)
    return refuse(10001, `Parameter error: ${what}`)
  }

  function answer(ask: FakeAsk): FakeReply {
    if (ask.method !== 'POST') return { status: 405 }
    if (ask.url.pathname === '/oapi/oauth/token') return giveToken(ask)
    const path = /^\/oapi\/v1\.0\.0\/([a-z/]+)$/.exec(ask.url.pathname)?.[1]
    const query = ask.url.searchParams
    const [token, timestamp] = [query.get('access_token') ?? '', query.get('timestamp') ?? '']
    if ([...query.keys()].sort().join() !== 'access_token,signature,timestamp') return wrong('query')
    if ((tokens.get(token) ?? 0) < Date.now()) return refuse(40004, 'access_token is invalid or expired')
    if (!/^\d{13}$/.test(timestamp) || Math.abs(Number(timestamp) - Date.now()) > 300_000)
      return refuse(40003, 'timestamp is expired')
    if (query.get('signature') !== signatureOfGuide(token, login['api-id'], login['secret-key'], timestamp, ask.body))
      return refuse(40002, 'signature error')
    if (ask.headers['content-type'] !== 'application/json') return wrong('content-type')
    const body = JSON.parse(ask.body) as unknown
    switch (path) {
      case 'device/add':
        return add(body)
      case 'device/list':
        return list(body as Record<string, unknown>)
      case 'device/delete':
        return remove(body as { macList?: unknown })
      default:
        return { status: 404 }
    }
  }

  function giveToken({ headers, body }: FakeAsk): FakeReply {
    const form = Object.fromEntries(new URLSearchParams(body))
    const expected = {
      username: login.user,
      password,
      grant_type: 'password',
      client_id: login['api-id'],
      client_secret: login['secret-key'],
    }
    if (headers['content-type'] !== 'application/x-www-form-urlencoded') return { status: 415 }
    if (JSON.stringify(Object.entries(form).sort()) !== JSON.stringify(Object.entries(expected).sort()))
      return { status: 400, body: { error: 'invalid_grant', error_description: 'Bad credentials' } }
    const token = randomBytes(16).toString('hex')
    tokens.set(token, Date.now() + (site.lastsS ?? 3_600) * 1_000)
    return {
      status: 200,
      body: { access_token: token, refresh_token: 'r', token_type: 'bearer', expires_in: site.lastsS ?? 3_599 },
    }
  }

  function add(body: unknown): FakeReply {
    if (!Array.isArray(body) || body.length === 0 || body.length > MOST) return wrong('device/add')
    const errorDeviceList: object[] = []
    for (const item of body as Record<string, unknown>[]) {
      const { mac, sn, siteId, ...rest } = item
      if (typeof mac !== 'string' || !/^(?:[0-9A-F]{2}:){5}[0-9A-F]{2}$/.test(mac)) return wrong('mac')
      if (typeof sn !== 'string' || typeof siteId !== 'number') return wrong('sn or siteId')
      if (Object.keys(rest).some((key) => key !== 'orgId' && key !== 'deviceName')) return wrong('unknown member')
      const plain = mac.replaceAll(':', '').toLowerCase()
      const errorMsg = judge(plain, sn)
      if (errorMsg) errorDeviceList.push({ mac, sn, errorMsg })
      else sites.set(plain, siteId)
    }
    const failure = errorDeviceList.length
    return ok({ total: body.length, success: body.length - failure, failure, errorDeviceList })
  }

  function judge(mac: string, sn: string): string | null {
    if (!isMade(mac)) return '30006'
    if (sn !== phone(parseInt(mac.slice(6), 16)).serial) return '30010'
    return mac === foreign.mac || sites.has(mac) ? '30003' : null
  }

  function list({ mac, pageNum, pageSize, ...rest }: Record<string, unknown>): FakeReply {
    if (!Number.isInteger(pageNum) || !Number.isInteger(pageSize) || (pageSize as number) > MOST) return wrong('page')
    if (Object.keys(rest).some((key) => key !== 'orgId')) return wrong('unknown member')
    const rows = [...sites].map(([held, siteId]) => ({ mac: held.toUpperCase().replaceAll(/..(?=.)/g, '$&:'), siteId }))
    const found = mac === undefined ? rows : rows.filter((row) => row.mac === mac)
    const start = ((pageNum as number) - 1) * (pageSize as number)
    return ok({ total: found.length, result: found.slice(start, start + (pageSize as number)) })
  }

  function remove({ macList }: { macList?: unknown }): FakeReply {
    if (!Array.isArray(macList) || macList.length === 0) return wrong('macList')
    for (const mac of macList as string[]) sites.delete(mac.replaceAll(':', '').toLowerCase())
    return ok({})
  }

  const server = await openFakeServer(answer)
  return {
    ...{ ...server, faults, phone, foreign, alien, login, sites },
    options: { url: server.url, site: String(SITE) },
    held: (mac: Mac) => (sites.get(mac) === SITE ? null : undefined),
    alter(mac, address) {
      if (address === null) sites.delete(mac)
      else sites.set(mac, 9)
    },
    revoke: () => tokens.clear(),
  }
}
