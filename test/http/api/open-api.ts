import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApi } from '../../../src/http/api/create-api.ts'
import type { ApiOptions } from '../../../src/http/api/create-api.ts'
import type { ApiSite } from '../../../src/http/api/route.ts'
import { ROUTES } from '../../../src/http/api/routes.ts'
import { trustProxies } from '../../../src/http/client-address.ts'
import { startPeopleListener } from '../../../src/http/people-listener.ts'
import { createPool } from '../../../src/db/pool.ts'
import { createToken } from '../../../src/people/access-tokens.ts'
import { openStoreFolder } from '../../../src/store/folder.ts'
import { openDesk } from '../../people/open-desk.ts'
import { createTestDatabase } from '../../support/database.ts'

export type Asked = { status: number; headers: Headers; body: Record<string, unknown>; text: string }

/** A listener with the whole API on a database of its own, with the tenants `acme` and `zeta`. */
export async function openApi(options: Partial<ApiOptions> = {}, site: Partial<ApiSite> = {}) {
  const database = await createTestDatabase()
  const desk = await openDesk(database)
  const owner = createPool(database.url, 'owner')
  const warnings: object[] = []
  const log = { info: () => undefined, warn: (fields: object) => void warnings.push(fields) }
  const folder = mkdtempSync(join(tmpdir(), 'offhook-store-'))
  const families = site.families ?? []
  const shelf = { pool: desk.pool, families, folder: await openStoreFolder(folder) }
  const api = createApi(
    {
      desk,
      owner,
      families,
      shelf,
      sipHost: 'pbx.example.org',
      phonesUrl: 'http://phones.example.org',
      ami: null,
      log,
      ...site,
    },
    ROUTES,
    {
      ...{ addressOf: trustProxies([]), checkAnswers: true, limits: { perMinute: 1e6, strangersPerMinute: 1e6 } },
      ...options,
    },
  )
  const people = await startPeopleListener({ address: '127.0.0.1', port: 0, ready: {}, routers: [api] })
  const origin = `http://127.0.0.1:${people.port}`
  let names = 0
  return {
    ...{ database, desk, owner, origin, warnings, folder },
    /** A token's text; without a tenant one of the whole installation. */
    async token(tenantId: number | null, ...scopes: string[]): Promise<string> {
      const { token } = await createToken(owner, { tenantId, name: `t${++names}`, scopes, days: 1, actor: 'test' })
      return token.reveal()
    },
    async ask(
      token: string | null,
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ): Promise<Asked> {
      const isJson = body !== undefined && !Buffer.isBuffer(body) && typeof body !== 'string'
      const response = await fetch(`${origin}${path.startsWith('/api') ? path : `/api/v1${path}`}`, {
        method,
        headers: {
          ...(token !== null && { Authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: isJson ? JSON.stringify(body) : (body as string) }),
      })
      const text = await readText(response)
      const parsed = /json/.test(response.headers.get('content-type') ?? '') ? (JSON.parse(text) as Asked['body']) : {}
      return { status: response.status, headers: response.headers, body: parsed, text }
    },
    async close() {
      await people.close()
      await desk.pool.end()
      await owner.end()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The body; of a stream of events the first ones, for it may last. */
async function readText(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text()
  for await (const chunk of response.body!) return Buffer.from(chunk).toString('utf8')
  return ''
}

export type OpenApi = Awaited<ReturnType<typeof openApi>>
