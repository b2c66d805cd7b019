import { afterAll, beforeAll, expect, test } from 'vitest'
import { failure, openInstallation, some, text } from './open-installation.ts'

let installation: Awaited<ReturnType<typeof openInstallation>>

beforeAll(async () => {
  installation = await openInstallation()
})
afterAll(() => installation.close())

test('a token is made, shown once, listed and revoked', async () => {
  const { json } = installation
  const [code, made] = await json('token', 'create', '--name', 'crm', '--scope', 'people:write', 'audit:read')
  expect([code, made]).toEqual([
    0,
    { name: 'crm', scopes: ['people:write', 'audit:read'], expires_at: text, token: text },
  ])
  const { token } = made as { token: string }
  expect(token).toMatch(/^offhook_[\w-]{43}$/)
  const listed = await installation.offhook(['token', 'list', '--json'])
  expect(JSON.parse(listed.stdout)).toMatchObject([{ id: some, name: 'crm', last_used_at: null }])
  expect(listed.stdout).not.toContain(token)
  await installation.each({
    'token create --name crm --scope admin': [1, failure('already-there')],
    'token create --name Crm --scope admin': [1, failure('input-invalid')],
    'token create --name x --scope root': [1, failure('input-invalid')],
    'token create --name x --scope admin --days 0.5': [1, failure('input-invalid')],
    'token list --installation': [0, []],
  })
  expect(await json('token', 'revoke', 'crm')).toEqual([0, { name: 'crm', revoked: true }])
  expect(await json('token', 'revoke', 'crm')).toEqual([1, failure('token-unknown')])
  expect(await json('token', 'list')).toEqual([0, []])
})
