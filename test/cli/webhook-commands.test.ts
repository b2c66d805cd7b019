import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { openReceiver, type Receiver } from '../support/receiver.ts'
import { openInstallation } from './open-installation.ts'
import { runOffhook, type Running, startOffhook } from './run-offhook.ts'

let site: Awaited<ReturnType<typeof openInstallation>>
let receiver: Receiver
let environment: Record<string, string>
let people: string
let server: Running | undefined

beforeAll(async () => {
  site = await openInstallation()
  receiver = await openReceiver()
  const port = await findFreePorts(2)
  environment = {
    ...site.environment,
    ...{ OFFHOOK_HTTP_PORT: String(port), OFFHOOK_PHONES_PORT: String(port + 1) },
    OFFHOOK_WEBHOOKS_ALLOW: '127.0.0.0/8',
  }
  people = `http://127.0.0.1:${port}`
})
afterAll(async () => {
  server?.child.kill('SIGTERM')
  await server?.ended
  await receiver.close()
  await site.close()
})

async function offhook(...words: string[]): Promise<[number | null, unknown]> {
  const { code, stdout, stderr } = await runOffhook([...words, '--json'], environment)
  return [code, stdout === '' ? stderr : JSON.parse(stdout)]
}

test('an import on the command line is told to a webhook by the server, and /metrics counts it', async () => {
  const [, made] = await offhook('webhook', 'add', receiver.url, '--event', 'user.created,import.completed')
  const { id, secret } = made as { id: number; secret: string }
  expect(await offhook('webhook', 'list')).toMatchObject([0, [{ id, enabled: true, url: receiver.url }]])
  const [, { token }] = (await offhook(
    'token',
    'create',
    '--installation',
    '--name',
    'prometheus',
    '--scope',
    'metrics:read',
  )) as [number, { token: string }]
  const file = site.file('people.csv', 'extension,first_name\n1001,Ada\n')
  expect(await offhook('import', file, '--apply')).toMatchObject([0, { state: 'applied' }])
  expect(await offhook('webhook', 'deliveries', String(id))).toMatchObject([
    0,
    [
      { type: 'import.completed', state: 'queued' },
      { type: 'user.created', state: 'queued' },
    ],
  ])
  server = startOffhook(['serve'], environment)
  await vi.waitFor(() => expect(receiver.received).toHaveLength(2), { timeout: 20_000, interval: 50 })
  for (const { body, headers } of receiver.received)
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toHaveProperty('data.tenant', 'default')
  expect(await offhook('webhook', 'replay', String(id), '--failed')).toEqual([0, { deliveries: 0 }])
  const scraped = await fetch(`${people}/metrics`, { headers: { Authorization: `Bearer ${token}` } })
  expect(await scraped.text()).toContain('offhook_webhook_deliveries{state="sent"} 2\n')
  expect((await fetch(`${people}/metrics`)).status).toBe(401)
  const [, rotated] = await offhook('webhook', 'rotate', String(id))
  expect((rotated as { secret: string }).secret).not.toBe(secret)
  expect(await offhook('webhook', 'remove', String(id))).toEqual([0, { id, removed: true }])
  expect(await offhook('webhook', 'list')).toEqual([0, []])
})

test('what is wrong is said', async () => {
  const say = async (...words: string[]) => {
    const { code, stderr } = await runOffhook(words, environment)
    expect(code).toBe(1)
    return stderr
  }
  expect(await say('webhook', 'add', 'ftp://crm.example.org')).toMatch(/http:\/\/ or https:\/\//)
  expect(await say('webhook', 'add', 'https://a:b@crm.example.org')).toMatch(/no user or password/)
  expect(await say('webhook', 'add', 'https://crm.example.org', '--event', 'user.born')).toMatch(/user\.created/)
  expect(await say('webhook', 'remove', '1')).toMatch(/no webhook 1/)
  expect(await say('webhook', 'replay', '1')).toMatch(/one of --delivery and --failed/)
})
