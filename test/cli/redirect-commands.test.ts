import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openFakeGigaset } from '../redirect/fakes/gigaset.ts'
import { openFakeYmcs } from '../redirect/fakes/yealink-ymcs.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { failure, openInstallation, text } from './open-installation.ts'
import { runOffhook, type Running, startOffhook } from './run-offhook.ts'

let site: Awaited<ReturnType<typeof openInstallation>>
let ymcs: Awaited<ReturnType<typeof openFakeYmcs>>
let gigaset: Awaited<ReturnType<typeof openFakeGigaset>>
let environment: Record<string, string>
let server: Running | undefined

beforeAll(async () => {
  ;[site, ymcs, gigaset] = await Promise.all([openInstallation(), openFakeYmcs(), openFakeGigaset()])
  const port = await findFreePorts(2)
  environment = {
    ...site.environment,
    ...{ OFFHOOK_HTTP_PORT: String(port), OFFHOOK_PHONES_PORT: String(port + 1) },
    ...{ OFFHOOK_WEBHOOKS_ALLOW: '127.0.0.0/8', OFFHOOK_PHONES_URL: 'https://phones.example.org' },
  }
})
afterAll(async () => {
  server?.child.kill('SIGTERM')
  await server?.ended
  await Promise.all([ymcs.close(), gigaset.close()])
  await site.close()
})

async function offhook(words: string[], input?: string): Promise<[number | null, unknown]> {
  const { code, stdout, stderr } = await runOffhook([...words, '--json'], environment, input)
  return [code, stdout === '' ? stderr : JSON.parse(stdout)]
}
const lines = (login: Record<string, string>) =>
  Object.entries(login)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
const held = (n: number) => ymcs.held(ymcs.phone(n).mac)

test(
  'an account is kept, phones are registered by command and by the server, checked, and taken back',
  { timeout: 120_000 },
  async () => {
    const addYmcs = ['redirect', 'add', 'yealink-ymcs', '--set', `url=${ymcs.options['url']}`]
    expect(await offhook(addYmcs, 'access-key-id=a\n')).toEqual([1, failure('input-invalid')])
    const [code, made] = await offhook(addYmcs, `# from the safe\n${lines(ymcs.login)}`)
    const { id } = made as { id: number }
    expect([code, made]).toMatchObject([
      0,
      { service: 'yealink-ymcs', address: 'base', problem: null, unregistered: 0 },
    ])
    expect(JSON.stringify(made)).not.toContain(ymcs.login['access-key-secret'])
    expect(await offhook(addYmcs, lines(ymcs.login))).toEqual([1, failure('already-there')])

    const phones = [1, 2].map((n) => ymcs.phone(n))
    const csv = site.file(
      'people.csv',
      `extension,last_name,mac,model\n1001,Abel,${phones[0]!.mac},T46U\n1002,Bell,${phones[1]!.mac},T46U\n`,
    )
    expect((await offhook(['import', csv, '--apply']))[0]).toBe(0)
    const [failed, refused] = await offhook(['redirect', 'send', String(id)])
    expect([failed, refused]).toMatchObject([
      1,
      { queued: 2, confirmed: 0, failed: [{ cure: text }, { reason: text }] },
    ])
    const [{ cure }] = (refused as { failed: [{ cure: string }] }).failed
    expect(cure).toContain(`offhook redirect send ${id} ${phones[0]!.mac} --serial SN`)
    const serials = site.file(
      'boxes.csv',
      `MAC;Serial\n${phones.map(({ mac, serial }) => `${mac};"${serial}"\n`).join('')}`,
    )
    expect(await offhook(['redirect', 'send', String(id), '--serials', serials])).toMatchObject([
      0,
      { queued: 2, confirmed: 2, failed: [] },
    ])
    expect([held(1), held(2)]).toEqual(['https://phones.example.org/', 'https://phones.example.org/'])
    expect(await offhook(['redirect', 'check', String(id)])).toMatchObject([0, { right: 2, missing: [], unknown: [] }])

    ymcs.alter(phones[0]!.mac, 'https://evil.example.org/')
    expect(await offhook(['redirect', 'check', String(id)])).toMatchObject([
      1,
      { elsewhere: [{ mac: phones[0]!.mac, held: 'https://evil.example.org/' }] },
    ])
    const one = ['redirect', 'send', String(id), phones[0]!.mac, '--serial', phones[0]!.serial]
    expect(await offhook(one)).toMatchObject([0, { queued: 1, confirmed: 1 }])
    expect(held(1)).toBe('https://phones.example.org/')
    expect(await offhook(['redirect', 'list'])).toMatchObject([
      0,
      [{ id, devices: { confirmed: 2 }, altered: 0, note: null }],
    ])
    expect(await offhook(['redirect', 'list', String(id), '--state', 'confirmed'])).toMatchObject([0, [{}, {}]])

    server = startOffhook(['serve'], environment)
    expect((await offhook(['phone', 'remove', phones[1]!.mac]))[0]).toBe(0)
    await vi.waitFor(() => expect(held(2)).toBeUndefined(), { timeout: 20_000, interval: 100 })
    server.child.kill('SIGTERM')
    const { stdout, stderr } = await server.ended
    server = undefined
    for (const secret of [...Object.values(ymcs.login), 'Bearer'])
      expect(stdout + stderr, 'no secret in the log').not.toContain(secret)

    expect(await offhook(['redirect', 'remove', String(id)])).toMatchObject([0, { phones: 1 }])
    expect(held(1)).toBeUndefined()
    expect(await offhook(['redirect', 'list'])).toEqual([0, []])
    expect(ymcs.faults).toEqual([])
  },
)

test(
  'what is wrong with an account is said when it is added, changed or worked with',
  { timeout: 120_000 },
  async () => {
    await offhook(['tenant', 'add', 'beta'])
    const login = { ...ymcs.login, 'access-key-secret': 'wrong-31415' }
    const words = ['redirect', 'add', 'yealink-ymcs', '--set', `url=${ymcs.options['url']}`, '--tenant', 'beta']
    const [code, made] = await offhook(words, lines(login))
    expect([code, made]).toMatchObject([1, { problem: expect.stringContaining('access-key-secret') as string }])
    expect(JSON.stringify(made)).not.toContain('31415')
    const id = String((made as { id: number }).id)
    const fix = ['redirect', 'set', id, '--secrets', '-', '--tenant', 'beta']
    expect(await offhook(fix, lines(ymcs.login))).toMatchObject([0, { problem: null }])
    await site.each({
      [`redirect set ${id} --set region=moon --tenant beta`]: [1, failure('input-invalid')],
      'redirect add nowhere --secrets /dev/null': [1, failure('input-invalid')],
      'redirect check 999999': [1, failure('redirect-unknown')],
      [`redirect send ${id} 000b82000001 --tenant beta`]: [1, failure('device-unknown')],
      [`redirect send ${id} --serial 1 --tenant beta`]: [1, failure('input-invalid')],
    })
    const url = `url=${gigaset.options['url']}`
    const token = ['redirect', 'add', 'gigaset-redirect', '--set', url, '--address', 'token']
    expect(await offhook(token, lines(gigaset.login))).toEqual([1, failure('input-invalid')])
  },
)

test('with people to read it, each finding says what to do', async () => {
  await offhook(['tenant', 'add', 'gamma'])
  const run = (words: string[], input = '') => runOffhook([...words, '--tenant', 'gamma'], environment, input)
  const add = ['redirect', 'add', 'yealink-ymcs', '--set', `url=${ymcs.options['url']}`]
  const kept = await run(add, lines({ ...ymcs.login, 'access-key-secret': 'wrong' }))
  const [, id] =
    /^Account (\d+) is kept\. .*To correct what is wrong: offhook redirect set \1 --secrets FILE/.exec(kept.stdout) ??
    []
  expect(id, kept.stdout).toBeDefined()
  const again = await run(add, lines(ymcs.login))
  expect(again.stderr).toContain(`has account ${id} (yealink-ymcs) of this maker already`)
  const set = await run(['redirect', 'set', id!, '--secrets', '-'], lines(ymcs.login))
  expect(set.stdout).toContain(`Account ${id} is changed. The service takes its secrets`)
  const { mac, serial } = ymcs.phone(3)
  const csv = site.file('gamma.csv', `extension,last_name,mac,model\n1001,Abel,${mac},T46U\n`)
  expect((await run(['import', csv, '--apply'])).code).toBe(0)
  ymcs.trouble(...Array.from({ length: 40 }, () => 'hang-up' as const))
  const sent = await run(['redirect', 'send', id!, mac, '--serial', serial])
  expect(sent.stdout).toMatch(
    /cannot be reached.* Of 1 to be registered 0 are confirmed; the rest waits, and offhook serve tries again/,
  )
  const once = await run(['redirect', 'send', id!])
  expect(once.stdout, 'a pause does not keep from trying now').toMatch(/cannot be reached/)
  expect((await run(['redirect', 'set', id!, '--disable'])).code).toBe(0)
  expect((await run(['redirect', 'send', id!])).stderr).toContain(`offhook redirect set ${id} --enable`)
  const left = await run(['redirect', 'remove', id!])
  expect(left.stdout).toMatch(
    /cannot be reached.* goes when its phones are forgotten there \(1\); offhook serve tries again/,
  )
  expect((await run(['redirect', 'remove', id!, '--keep'])).stdout).toBe(`Account ${id} is removed.\n`)
  const { stdout } = await runOffhook(['redirect', 'add'], environment)
  expect(stdout).toMatch(
    /yealink-ymcs: Yealink Management Cloud \(YMCS\)\n {2}secrets: access-key-id, access-key-secret/,
  )
  const listed = await runOffhook(['redirect', 'list'], environment)
  expect(listed.stdout).toMatch(/account +service +user/)
})
