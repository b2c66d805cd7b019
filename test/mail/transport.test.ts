import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseSender } from '../../src/mail/sender.ts'
import { parseSmtpUrl } from '../../src/mail/smtp-address.ts'
import { openTransport, type OutgoingMail } from '../../src/mail/transport.ts'
import { type Certificate, makeCertificate } from '../support/asterisk/certificate.ts'

const SENDER = parseSender('Offhook <pbx@example.org>')
const MAIL: OutgoingMail = {
  ...{ recipient: 'ada@example.org', messageId: 'one' },
  written: { subject: 'One', text: 'x\n', html: '<p>x</p>' },
}

const folder = mkdtempSync(join(tmpdir(), 'offhook-tls-'))
const closing: (() => unknown)[] = []
let certificate: Certificate
beforeAll(async () => {
  certificate = await makeCertificate(folder)
})
afterAll(() => {
  for (const close of closing) close()
  rmSync(folder, { recursive: true, force: true })
})

/** @returns its port, and whether each mail came over TLS */
async function listen(secure: boolean): Promise<{ port: number; overTls: boolean[] }> {
  const overTls: boolean[] = []
  const server = new SMTPServer({
    ...{ secure, authOptional: true, logger: false, closeTimeout: 100 },
    ...{ cert: readFileSync(certificate.certificate), key: readFileSync(certificate.key) },
    onData(stream, session, done) {
      overTls.push(session.secure)
      stream.on('end', done).resume()
    },
  })
  server.on('error', () => undefined) // clients that do not trust it leave in the middle
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  closing.push(() => server.close(() => undefined))
  return { port: (server.server.address() as AddressInfo).port, overTls }
}

async function send(url: string) {
  const transport = openTransport(parseSmtpUrl(url), SENDER)
  const delivery = await transport.send(MAIL)
  transport.close()
  return delivery
}

test('mail goes over TLS, from the first byte or by STARTTLS, when the authority is trusted', async () => {
  for (const secure of [true, false]) {
    const { port, overTls } = await listen(secure)
    const url = `smtp${secure ? 's' : ''}://127.0.0.1:${port}?ca=${certificate.certificate}`
    expect(await send(url)).toMatchObject({ state: 'sent' })
    expect(overTls).toEqual([true])
  }
})

test('a certificate of nobody that we know keeps the mail here', async () => {
  for (const secure of [true, false]) {
    const { port, overTls } = await listen(secure)
    const refused = { state: 'delayed', away: true, reason: expect.stringMatching(/certificate/) as string }
    expect(await send(`smtp${secure ? 's' : ''}://127.0.0.1:${port}`)).toEqual(refused)
    expect(overTls).toEqual([])
  }
})

test('nobody there is said without a secret', async () => {
  const delivery = await send('smtp://user:canary@127.0.0.1:1')
  expect(delivery).toMatchObject({ state: 'delayed', away: true })
  expect(JSON.stringify(delivery)).not.toContain('canary')
})

test('an authority that cannot be read is said by the name of the variable', () => {
  const address = parseSmtpUrl('smtp://127.0.0.1?ca=/nowhere/canary.pem')
  expect(() => openTransport(address, SENDER)).toThrow(
    expect.objectContaining({
      code: 'config-invalid',
      message: expect.stringMatching(/^OFFHOOK_SMTP_URL/) as string,
    }) as Error,
  )
})
