import { inspect } from 'node:util'
import { Router } from 'express'
import { expect, test } from 'vitest'
import { startPeopleListener } from '../../src/http/people-listener.ts'

const hang = () => new Promise<never>(() => undefined)

test('it lives, and names what is not ready without saying why', async () => {
  let isUp = true
  const database = () => (isUp ? Promise.resolve() : Promise.reject(new Error('password of the database')))
  const people = await startPeopleListener({ address: '127.0.0.1', port: 0, ready: { database } })
  const ask = (path: string) => fetch(`http://127.0.0.1:${people.port}${path}`)
  expect(await (await ask('/livez')).text()).toBe('ok\n')
  const ready = await ask('/readyz')
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', checks: { database: 'ok' } }])
  isUp = false
  const failing = await ask('/readyz')
  expect(failing.status).toBe(503)
  expect(failing.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(await failing.json()).toEqual({
    ...{ type: 'about:blank', title: 'Service Unavailable', status: 503 },
    checks: { database: 'failed' },
  })
  await people.close()
})

test('a check that does not answer has failed', async () => {
  const people = await startPeopleListener({ address: '127.0.0.1', port: 0, ready: { asterisk: hang } })
  expect((await fetch(`http://127.0.0.1:${people.port}/readyz`)).status).toBe(503)
  await people.close()
})

test('what is not there is a problem document, with the headers that every page has', async () => {
  const people = await startPeopleListener({ address: '127.0.0.1', port: 0, ready: {} })
  const absent = await fetch(`http://127.0.0.1:${people.port}/nothing`)
  expect([absent.status, await absent.json()]).toEqual([404, { type: 'about:blank', title: 'Not Found', status: 404 }])
  const broken = await fetch(`http://127.0.0.1:${people.port}/%`)
  expect(broken.status).toBeGreaterThanOrEqual(400)
  expect(await broken.text()).not.toContain('Error:')
  for (const name of ['content-security-policy', 'referrer-policy', 'x-content-type-options'])
    expect(absent.headers.get(name), name).toBeTruthy()
  expect(absent.headers.get('x-powered-by')).toBeNull()
  await people.close()
})

test('what fails on our side is told to the log, without the address', async () => {
  const warnings: object[] = []
  const log = { warn: (fields: object) => void warnings.push(fields) }
  const broken = Router().get('/invite/:token', () => {
    throw new Error('the database is away')
  })
  const people = await startPeopleListener({ address: '127.0.0.1', port: 0, ready: {}, log, routers: [broken] })
  const answer = await fetch(`http://127.0.0.1:${people.port}/invite/canary`)
  expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining('database')])
  expect(warnings).toMatchObject([{ err: { message: 'the database is away' }, method: 'GET' }])
  expect(inspect(warnings)).not.toContain('canary')
  await people.close()
})
