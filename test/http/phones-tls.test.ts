import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningListener } from '../../src/http/listening.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import { PhonesTls } from '../../src/http/phones-tls.ts'
import type { PhoneRequest } from '../../src/model/phone-request.ts'
import { makeCertificate } from '../support/asterisk/certificate.ts'

let folder: string
let listener: RunningListener
let ca: Buffer
const seen: PhoneRequest[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offhook-tls-'))
  const files = await makeCertificate(folder)
  ca = await readFile(files.certificate)
  const answer = (asked: PhoneRequest) => {
    seen.push(asked)
    return { bytes: Buffer.from('hello'), contentType: 'text/plain', etag: '"1"' }
  }
  const log = { info: () => undefined, warn: () => undefined }
  const tls = new PhonesTls({ certFile: files.certificate, keyFile: files.key, makers: null })
  listener = await startPhonesListener({
    address: '127.0.0.1',
    port: 0,
    answer,
    log,
    tls,
    writeAccess: () => undefined,
  })
})
afterAll(async () => {
  await listener.close()
  await rm(folder, { recursive: true })
})

test('phones are served over TLS, and the request says so', async () => {
  const body = await new Promise<string>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: listener.port, path: '/a.cfg', ca, agent: false as const }
    const sent = request({ ...options, checkServerIdentity: () => undefined }, (response) => {
      response.setEncoding('utf8').once('data', resolve)
    })
    sent.once('error', reject)
    sent.end()
  })
  expect(body).toBe('hello')
  expect(seen.at(-1)).toMatchObject({ transport: 'https', token: null, file: 'a.cfg' })
})

test('there are no session tickets, whose key would open recorded sessions', async () => {
  const socket = connect({
    host: '127.0.0.1',
    port: listener.port,
    ca,
    maxVersion: 'TLSv1.2',
    checkServerIdentity: () => undefined,
  })
  await new Promise<void>((resolve) => socket.once('secureConnect', resolve))
  expect(socket.getTLSTicket()).toBeUndefined()
  socket.destroy()
})
