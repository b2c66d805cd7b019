import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadFamilies } from '../../../src/boot/load-families.ts'
import { makePng, sha256 } from '../../store/files.ts'
import { type OpenApi, openApi } from './open-api.ts'

let api: OpenApi
let token: string
beforeAll(async () => {
  api = await openApi({}, { families: await loadFamilies() })
  token = await api.token(api.desk.acme.id, 'phones:write')
})
afterAll(() => api.close())

const FILE = { 'Content-Type': 'application/octet-stream' }
const QUERY = 'family=yealink&version=96.86.0.45&models=T54W,T46U&name=T54W-96.86.0.45.rom'

/** Names of all files in the store, what is still coming included. */
const list = () =>
  readdirSync(api.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

const upload = (query: string, bytes: Buffer, headers: Record<string, string> = FILE, bearer = token) =>
  api.ask(bearer, 'POST', `/firmware?${query}`, bytes, headers)

test('an image is uploaded, listed and removed; the same twice at once is stored once', async () => {
  const bytes = randomBytes(5_000_000)
  const both = await Promise.all([upload(`${QUERY}&sha256=${sha256(bytes)}`, bytes), upload(QUERY, bytes)])
  expect(both.map(({ status, text }) => [status, text.slice(0, 100)])).toEqual([
    [201, expect.stringContaining('96.86.0.45')],
    [201, expect.stringContaining('96.86.0.45')],
  ])
  expect(list()).toEqual([sha256(bytes)])
  const { body } = await api.ask(token, 'GET', '/firmware')
  const [image] = body['items'] as { id: number; files: unknown }[]
  expect(image).toMatchObject({
    files: [{ name: 'T54W-96.86.0.45.rom', models: ['T46U', 'T54W'], sha256: sha256(bytes), bytes: bytes.length }],
  })
  expect(await upload(QUERY, Buffer.from('other'))).toMatchObject({ status: 409, body: { code: 'already-there' } })
  const stranger = await api.token(api.desk.zeta.id, 'phones:write')
  expect((await api.ask(stranger, 'GET', '/firmware')).body).toEqual({ items: [] })
  expect((await api.ask(stranger, 'DELETE', `/firmware/${image!.id}`)).status).toBe(404)
  expect((await api.ask(token, 'DELETE', `/firmware/${image!.id}`)).status).toBe(204)
})

test('what is not a file, not allowed or not as it should be is refused before it is stored', async () => {
  const before = list()
  const some = Buffer.from('some')
  const refused = async (query: string, bytes: Buffer = some, headers?: Record<string, string>) => {
    const { status, body } = await upload(query, bytes, headers)
    return [status, body['code']]
  }
  expect(await refused(QUERY, some, { 'Content-Type': 'text/plain' })).toEqual([415, 'media-type'])
  expect(await refused(QUERY, some, { ...FILE, 'Content-Encoding': 'gzip' })).toEqual([415, 'encoding-unsupported'])
  expect(await refused(QUERY, Buffer.alloc(0))).toEqual([400, 'body-missing'])
  expect(await refused('family=yealink')).toEqual([400, 'query-invalid'])
  expect(await refused(`${QUERY}&sha256=${'0'.repeat(64)}`)).toEqual([400, 'upload-incomplete'])
  expect(await refused(QUERY.replace('yealink', 'linphone'))).toEqual([422, 'input-invalid'])
  for (const name of [
    '..%2F..%2Fetc%2Fpasswd',
    '..',
    '%00.rom',
    '.rom',
    'a%0A.rom',
    'CON.rom',
    'x.exe',
    '%F0%9F%92%A3.rom',
  ]) {
    const [status] = await refused(`family=yealink&version=1.0&name=${name}`)
    expect([400, 422], name).toContain(status)
  }
  const reader = await api.token(api.desk.acme.id, 'phones:read')
  expect((await upload(QUERY, some, FILE, reader)).status).toBe(403)
  expect(list()).toEqual(before)
})

test('an upload beyond the limit is refused at its first bytes, and one that is cut off leaves nothing', async () => {
  const before = list()
  const send = (headers: Record<string, string>, body: Buffer) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const options = { method: 'POST', headers: { Authorization: `Bearer ${token}`, ...FILE, ...headers } }
      const asked = request(`${api.origin}/api/v1/firmware?${QUERY}`, options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('end', () => {
          resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() })
          asked.destroy()
        })
      })
      asked.once('error', reject)
      asked.write(body)
    })
  const large = await send({ 'Content-Length': String(600 * 1024 * 1024) }, Buffer.alloc(1000))
  expect(large).toMatchObject({ status: 413, text: expect.stringContaining('file-too-large') as string })
  const head = `POST /api/v1/firmware?${QUERY} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`
  for (const framing of ['Content-Length: 100000\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\n1000\r\n']) {
    const socket = connect(Number(new URL(api.origin).port), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(`${head}Content-Type: application/octet-stream\r\n${framing}`)
    socket.write(Buffer.alloc(900))
    await expect.poll(() => list().length, { timeout: 5_000 }).toBe(before.length + 1)
    socket.destroy()
    await expect.poll(list, { timeout: 5_000 }).toEqual(before)
  }
})

test('rollouts, pins and assets are made, shown and ended', async () => {
  await upload(QUERY, randomBytes(1000))
  const rollout = { family: 'yealink', model: 'T54W', version: '96.86.0.45', percentage: 5, window: '22:00-05:00' }
  const made = await api.ask(token, 'POST', '/rollouts', { ...rollout, not_before: '2026-05-01T00:00:00+02:00' })
  expect(made.body).toMatchObject({ state: 'running', percentage: 5, not_before: '2026-04-30T22:00:00.000Z' })
  const grown = await api.ask(token, 'POST', '/rollouts', { family: 'yealink', model: 't54w', percentage: 12.5 })
  expect(grown.body).toMatchObject({ id: made.body['id'], percentage: 12.5, window: '22:00-05:00' })
  expect((await api.ask(token, 'POST', '/rollouts', { family: 'snom' })).body).toMatchObject({
    code: 'rollout-unknown',
  })
  expect((await api.ask(token, 'POST', '/rollouts', { ...rollout, model: 'T48S' })).status).toBe(422)
  expect((await api.ask(token, 'GET', '/rollouts')).body['items']).toHaveLength(1)
  expect((await api.ask(token, 'DELETE', `/rollouts/${String(made.body['id'])}`)).status).toBe(204)
  await api.ask(token, 'POST', '/devices', { mac: '001565abcd31', model: 'T46U' })
  const pin = (version: string | null) => api.ask(token, 'POST', '/devices/001565abcd31/firmware', { version })
  expect((await pin('96.86.0.45')).status).toBe(204)
  expect((await api.ask(token, 'GET', '/firmware/pins')).body).toEqual({
    items: [{ phone: '001565abcd31', version: '96.86.0.45', state: null, seen: null }],
  })
  expect((await pin('1.1')).status).toBe(404)
  expect((await api.ask(token, 'DELETE', '/devices/001565abcd31/firmware')).status).toBe(204)
  const png = makePng(480, 272)
  const query = 'kind=wallpaper&name=lobby.png&family=yealink&model=T46U'
  const asset = await api.ask(token, 'POST', `/assets?${query}`, png, { 'Content-Type': 'image/png' })
  expect(asset.body).toMatchObject({ name: 'lobby', width: 480, height: 272, format: 'png', sha256: sha256(png) })
  const wrong = await api.ask(token, 'POST', `/assets?${query.replace('T46U', 'T44W')}`, png, {
    'Content-Type': 'image/png',
  })
  expect(wrong.body).toMatchObject({ code: 'input-invalid', detail: expect.stringContaining('320x240') as string })
  expect((await api.ask(token, 'DELETE', `/assets/${String(asset.body['id'])}`)).status).toBe(204)
})
