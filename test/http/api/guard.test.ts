import { afterAll, beforeAll, expect, test } from 'vitest'
import { SCOPES } from '../../../src/access/scopes.ts'
import { loadFamilies } from '../../../src/boot/load-families.ts'
import { type OpenApi, openApi } from './open-api.ts'
import { makeOneOfEach, type Operation, readOperations } from './operations.ts'

let api: OpenApi
let operations: Operation[]
let addressOf: (operation: Operation) => string

beforeAll(async () => {
  api = await openApi({}, { families: await loadFamilies() })
  addressOf = await makeOneOfEach(api)
  operations = await readOperations(api)
})
afterAll(() => api.close())

/** Every scope that does not include this one. */
const others = (scope: string) =>
  SCOPES.filter((each) => each !== scope && each !== 'admin' && each !== scope.replace(':read', ':write'))

const named = (slug: string) => ({ 'X-Offhook-Tenant': slug })

test('every operation × every kind of token: only the right one gets in', async () => {
  expect(operations.length).toBeGreaterThan(30)
  const { acme, zeta } = api.desk
  const cells: [string, number, unknown, string][] = []
  for (const operation of operations) {
    const { method, scope, reach } = operation
    const address = addressOf(operation)
    const home = reach === 'installation' ? null : acme.id
    const call = async (token: string | null, headers = {}) => {
      const { status, body } = await api.ask(token, method, address, undefined, headers)
      return [status, body['code']] as const
    }
    const look = async (name: string, wanted: string, token: string | null, headers = {}) => {
      const [status, code] = await call(token, headers)
      cells.push([`${method} ${operation.path}: ${name}`, status, code, wanted])
    }
    await look('no token', '401 token-missing', null)
    await look('a token that is none', '401 token-invalid', `offhook_${'x'.repeat(43)}`)
    await look('all scopes but the right one', '403 scope-missing', await api.token(home, ...others(scope)))
    const stranger = await api.token(zeta.id, scope)
    await look('a token of another tenant that names this one', '403 tenant-forbidden', stranger, named('acme'))
    await look('a token that names a tenant that is not there', '403 tenant-forbidden', stranger, named('nobody'))
    if (reach === 'installation')
      await look('a token of one tenant', '403 tenant-forbidden', await api.token(acme.id, scope))
    if (reach === 'tenant') {
      const wide = await api.token(null, scope)
      await look('an installation token without a tenant', '400 tenant-missing', wide)
      await look('an installation token for no known tenant', '404 tenant-unknown', wide, named('nobody'))
    }
    if (/\{(id|name|device)\}/.test(operation.path) && Object.keys(operation.body).length === 0)
      await look('a token of another tenant', '404 foreign', stranger)
  }
  const foreign =
    /^(user|did|device|trunk|group|role|location|profile|token|import|webhook|redirect|claim-code|contact|firmware|rollout|asset)-unknown$/
  const wrong = cells.filter(([, status, code, wanted]) => {
    const found = `${status} ${typeof code === 'string' && foreign.test(code) ? 'foreign' : String(code)}`
    return found !== wanted
  })
  expect(wrong).toEqual([])
})

test('the right token gets in everywhere, and so does one of the installation for the tenant that it names', async () => {
  const wrong: unknown[] = []
  for (const operation of operations) {
    const { method, scope, reach } = operation
    const address = addressOf(operation)
    const home = reach === 'installation' ? null : api.desk.acme.id
    const wide = reach === 'installation' ? {} : named('acme')
    const inside = async (token: string, headers = {}) => {
      const { status, body } = await api.ask(token, method, address, undefined, headers)
      // Where a body is needed, that it is asked for proves that the guard was passed.
      const expected = Object.keys(operation.body).length > 0 ? body['code'] === 'body-missing' : status < 300
      const isAsteriskAway =
        body['code'] === 'ami-unreachable' || ['input-invalid', 'setting-unsupported'].includes(String(body['code']))
      const isLate = ['import-state', 'import-problems', 'credentials-gone'].includes(String(body['code']))
      if (!expected && !isAsteriskAway && !isLate) wrong.push([method, operation.path, status, body])
    }
    if (method !== 'DELETE') await inside(await api.token(null, scope), wide)
    await inside(await api.token(home, scope))
  }
  expect(
    wrong,
    JSON.stringify(api.warnings, (_, v: unknown) => (v instanceof Error ? v.stack : v)),
  ).toEqual([])
})

test('a token that is revoked, expired or of another case is none', async () => {
  const token = await api.token(api.desk.acme.id, 'people:read')
  const status = async (text: string) => (await api.ask(text, 'GET', '/users')).status
  expect(await status(token)).toBe(200)
  expect(await status(token.replace('offhook_', 'OFFHOOK_'))).toBe(401)
  await api.database.query(`update offhook.tokens set expires_at = now() - interval '1 second' where name = $1`, [
    `t${await lastName()}`,
  ])
  expect(await status(token)).toBe(401)
  const admin = await api.token(api.desk.acme.id, 'admin')
  const made = await api.ask(admin, 'POST', '/tokens', { name: 'short', scopes: ['people:read'] })
  const { id } = made.body['record'] as { id: number }
  expect(await status(made.body['token'] as string)).toBe(200)
  expect((await api.ask(admin, 'DELETE', `/tokens/${id}`)).status).toBe(204)
  expect(await status(made.body['token'] as string)).toBe(401)
})

async function lastName(): Promise<number> {
  const { rows } = await api.database.query(
    `select max(substr(name, 2)::int) as n from offhook.tokens where name ~ '^t\\d+$'`,
  )
  return (rows[0] as { n: number }).n
}

test('the database holds no token, and notes the use once a minute', async () => {
  const token = await api.token(api.desk.acme.id, 'people:read')
  const name = `t${await lastName()}`
  const used = async () => {
    const { rows } = await api.database.query('select last_used_at from offhook.tokens where name = $1', [name])
    return (rows[0] as { last_used_at: Date | null }).last_used_at
  }
  expect(await used()).toBeNull()
  await api.ask(token, 'GET', '/users')
  const first = await used()
  await api.ask(token, 'GET', '/users')
  expect(await used()).toEqual(first)
  await api.database.query(`update offhook.tokens set last_used_at = now() - interval '2 minutes' where name = $1`, [
    name,
  ])
  await api.ask(token, 'GET', '/users')
  expect((await used())!.getTime()).toBeGreaterThanOrEqual(first!.getTime())
  const { rows } = await api.database.query('select to_jsonb(t)::text as row from offhook.tokens t')
  expect(rows.map(({ row }: { row: string }) => row).join()).not.toContain(token.slice(8))
})
