import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { makePng, makeWav, sha256 } from '../store/files.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { failure, openInstallation, PEOPLE, some, text } from './open-installation.ts'
import { type Running, startOffhook } from './run-offhook.ts'

vi.setConfig({ testTimeout: 90_000 })

const ADA = '001565abcd01'
const IMAGE = randomBytes(3_000_000)

let site: Awaited<ReturnType<typeof openInstallation>>
let environment: Record<string, string>
let server: Running | undefined
let origin: string
let phones: string
beforeAll(async () => {
  site = await openInstallation()
  await site.offhook(['import', site.file('people.csv', PEOPLE), '--apply'])
  const port = await findFreePorts(2)
  ;[origin, phones] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`]
  environment = { ...site.environment, OFFHOOK_HTTP_PORT: String(port), OFFHOOK_PHONES_PORT: String(port + 1) }
})
afterAll(async () => {
  server?.child.kill('SIGKILL')
  await server?.ended
  await site.close()
})

const store = () => join(site.folder, 'data', 'store')
/** Names of all files in the store, what is still coming included. */
const list = () =>
  readdirSync(store(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

async function serve(): Promise<void> {
  server = startOffhook(['serve'], environment)
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`${phones}/`).catch(() => null)
    if (answer && (await fetch(`${origin}/livez`).catch(() => null))) return
    await pause(100)
  }
  throw new Error('the server does not begin')
}

async function kill(): Promise<void> {
  server!.child.kill('SIGKILL')
  await server!.ended
  server = undefined
}

test('an image is stored, listed, rolled out, pinned and removed by command', async () => {
  const rom = site.file('T46U-108.86.0.90.rom')
  writeFileSync(rom, IMAGE)
  const add = (...more: string[]) =>
    site.json('firmware', 'add', rom, '--family', 'yealink', '--version', '108.86.0.90', ...more)
  const file = { name: 'T46U-108.86.0.90.rom', models: ['T46S', 'T46U'], sha256: sha256(IMAGE), bytes: IMAGE.length }
  const image = { id: some, family: 'yealink', version: '108.86.0.90', open: false, added_at: text, files: [file] }
  expect(await add('--model', 'T46U', '--model', 'T46S')).toEqual([0, { ...image, rollouts: 0, phones: 0 }])
  expect(await add('--sha256', 'a'.repeat(64))).toEqual([1, failure('upload-incomplete')])
  expect(await add('--model', 'T99')).toEqual([1, failure('input-invalid')])
  expect(await site.json('firmware', 'list')).toEqual([0, [{ ...image, rollouts: 0, phones: 0 }]])
  expect((await site.offhook(['firmware', 'list'])).stdout).toMatch(
    /yealink +108\.86\.0\.90 +T46U-108\.86\.0\.90\.rom +T46S T46U +2\.9 MiB +0/,
  )
  expect(await site.json('firmware', 'rollout', 'yealink', '--percent', '5')).toEqual([1, failure('rollout-unknown')])
  const [code, rollout] = await site.json(
    ...['firmware', 'rollout', 'yealink', 't46u', '--version', '108.86.0.90', '--percent', '25%'],
    ...['--window', '22:00-05:30', '--not-before', '2026-01-01T00:00:00Z', '--stop-above', '2.5'],
  )
  expect([code, rollout]).toMatchObject([
    0,
    { model: 'T46U', percentage: 25, window: '22:00-05:30', stop_above: 2.5, state: 'running', patience_minutes: 30 },
  ])
  expect((await site.offhook(['firmware', 'rollout'])).stdout).toMatch(
    /yealink +T46U +108\.86\.0\.90 +25 % +22:00-05:30 UTC +running +0 +0 +0 +0 +0/,
  )
  expect((await site.offhook(['firmware', 'rollout', 'yealink', 'T46U', '--pause'])).stdout).toContain('paused')
  expect(await site.json('firmware', 'remove', 'yealink', '108.86.0.90')).toEqual([1, failure('in-use')])
  expect((await site.json('firmware', 'rollout', 'yealink', 'T46U', '--remove'))[0]).toBe(0)
  expect((await site.json('firmware', 'pin', ADA, '108.86.0.90'))[0]).toBe(0)
  expect(await site.json('firmware', 'pin', ADA)).toEqual([1, failure('input-invalid')])
  expect(await site.json('firmware', 'pin')).toMatchObject([0, [{ phone: ADA, version: '108.86.0.90' }]])
  expect(list()).toEqual([sha256(IMAGE)])
})

test('ringtones and wallpapers are stored and looked at by command', async () => {
  const wav = site.file('office.wav')
  writeFileSync(wav, makeWav({ tag: 7, rateHz: 8000, bits: 8 }))
  const png = site.file('logo.png')
  writeFileSync(png, makePng(480, 272))
  const { stdout } = await site.offhook(['asset', 'add', 'ringtone', wav, '--family', 'yealink'])
  expect(stdout).toContain('The ringtone office is stored mulaw 8000 Hz.')
  const wide = ['asset', 'add', 'wallpaper', png, '--name', 'lobby', '--family', 'yealink']
  expect(await site.json(...wide, '--model', 'T46U')).toMatchObject([0, { name: 'lobby', width: 480, height: 272 }])
  expect(await site.json(...wide, '--model', 'T43U')).toEqual([1, failure('input-invalid')])
  expect(await site.json('asset', 'add', 'ringtone', png)).toEqual([1, failure('input-invalid')])
  expect(await site.json('asset', 'add', 'melody', wav)).toEqual([1, failure('input-invalid')])
  expect(await site.json('asset', 'add', 'ringtone', `${wav}.gone`)).toEqual([1, failure('file-unreadable')])
  expect((await site.offhook(['asset', 'list'])).stdout).toMatch(/wallpaper +lobby +yealink +T46U +png +480x272/)
  expect((await site.json('asset', 'remove', 'ringtone', 'OFFICE', '--family', 'yealink'))[0]).toBe(0)
  expect(await site.json('asset', 'remove', 'ringtone', 'office')).toEqual([1, failure('asset-unknown')])
})

test('a server that dies in the middle of an upload has stored nothing, and takes the whole file later', async () => {
  await serve()
  const { stdout } = await site.offhook(['token', 'create', '--name', 'upload', '--scope', 'phones:write', '--json'])
  const { token } = JSON.parse(stdout) as { token: string }
  const bytes = randomBytes(2_000_000)
  const path = '/api/v1/firmware?family=snom&version=10.1.1.1&name=snomD735-10.1.1.1.bin'
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/octet-stream' }
  const upload = request(`${origin}${path}`, { method: 'POST', headers })
  upload.on('error', () => undefined)
  upload.write(bytes.subarray(0, 1_000_000))
  await expect.poll(() => readdirSync(join(store(), 'incoming')).length, { timeout: 10_000 }).toBe(1)
  await kill()
  upload.destroy()
  const [left] = readdirSync(join(store(), 'incoming'))
  await serve()
  const answer = await fetch(`${origin}/api/v1/firmware`, { headers: { Authorization: `Bearer ${token}` } })
  expect(((await answer.json()) as { items: { family: string }[] }).items.map(({ family }) => family)).toEqual([
    'yealink',
  ])
  const whole = await fetch(`${origin}${path}`, { method: 'POST', headers, body: bytes })
  expect(whole.status).toBe(201)
  expect(list()).toContain(sha256(bytes))
  expect(existsSync(join(store(), 'incoming', left!))).toBe(true)
  // What broke off is cleaned away a day later.
  utimesSync(join(store(), 'incoming', left!), 1, 1)
  await kill()
  await serve()
  await expect.poll(() => existsSync(join(store(), 'incoming', left!)), { timeout: 20_000 }).toBe(false)
  expect(list()).toContain(sha256(bytes))
})

test('a pinned phone is told of its image by the server that runs, and gets it', async () => {
  const { stdout } = await site.offhook(['phone', 'show', ADA])
  const [, token] = /http:\/\/\S+\/([\w-]{22})\//.exec(stdout)!
  const address = `${phones}/${token!}/`
  const config = async () => (await fetch(`${address}${ADA}.cfg`)).text()
  await expect.poll(config, { timeout: 20_000 }).toContain(`/${token!}/firmware/T46U-108.86.0.90.rom\n`)
  const image = Buffer.from(await (await fetch(`${address}firmware/T46U-108.86.0.90.rom`)).arrayBuffer())
  expect(sha256(image)).toBe(sha256(IMAGE))
  await expect
    .poll(async () => (await site.offhook(['firmware', 'pin'])).stdout, { timeout: 40_000, interval: 3_000 })
    .toMatch(new RegExp(`${ADA} +108\\.86\\.0\\.90 +fetched`))
})

test('a folder that cannot be used stops the start with its name and the cure', async () => {
  const broken = {
    ...environment,
    OFFHOOK_STORE: site.file('a-file', ''),
    OFFHOOK_HTTP_PORT: '0',
    OFFHOOK_PHONES_PORT: '0',
  }
  const { code, stderr } = await startOffhook(['serve'], broken).ended
  expect(code).toBe(1)
  expect(stderr).toMatch(/OFFHOOK_STORE: the folder \S+a-file cannot be used \((EEXIST|ENOTDIR)\): /)
  expect(readFileSync(site.file('a-file'), 'utf8')).toBe('')
})
