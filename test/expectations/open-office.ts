import { randomBytes } from 'node:crypto'
import { runOffhook, startOffhook } from '../cli/run-offhook.ts'
import { openPbx } from '../rivers/open-pbx.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { createTestDatabase } from '../support/database.ts'
import { openSmtp } from '../support/smtp.ts'
import { openTenant } from './open-tenant.ts'
import { until } from './until.ts'

export type Json = Record<string, unknown>
export type Answer = { status: number; text: string; bytes: Buffer; body: Json }

export type Office = Awaited<ReturnType<typeof openOffice>>

/**
 * `offhook serve` as a process of its own with a mail server, and a real Asterisk beside it if asked for; all that
 * follows goes over HTTP, by command, or is looked up in the database.
 */
export async function openOffice({ asterisk = false } = {}) {
  const pbx = asterisk ? await openPbx() : null
  const database = pbx?.database ?? (await createTestDatabase())
  const smtp = await openSmtp()
  const port = await findFreePorts(2)
  const [origin, phones] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`]
  const environment = {
    ...{ DATABASE_URL: database.url, OFFHOOK_KEY: pbx?.key ?? randomBytes(24).toString('hex') },
    ...{ OFFHOOK_HTTP_PORT: String(port), OFFHOOK_PHONES_PORT: String(port + 1) },
    ...{ OFFHOOK_SMTP_URL: smtp.url, OFFHOOK_MAIL_FROM: 'Offhook <pbx@example.org>' },
    ...(pbx && { OFFHOOK_AMI_URL: pbx.asterisk.amiUrl }),
  }
  const offhook = async (words: string[], input?: string): Promise<[code: number | null, document: Json]> => {
    const { code, stdout, stderr } = await runOffhook([...words, '--json'], environment, input)
    if (stdout === '') throw new Error(stderr)
    return [code, JSON.parse(stdout) as Json]
  }
  const create = ['token', 'create', '--installation', '--name', 'owner', '--scope', 'admin']
  const owner = String((await offhook(create))[1]['token'])
  const server = startOffhook(['serve'], environment)
  const ask = async (
    token: string | null,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const isRaw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
    const response = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: {
        ...(token !== null && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': isRaw ? 'text/csv' : 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw ? (body as string) : JSON.stringify(body) }),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    const text = bytes.toString('utf8')
    return { status: response.status, bytes, text, body: isJson ? (JSON.parse(text) as Json) : {} }
  }
  await until('offhook to serve', async () => {
    if (server.child.exitCode !== null) throw new Error((await server.ended).stderr)
    const status = await fetch(`${origin}/readyz`).then(
      (answer) => answer.status,
      () => 0,
    )
    return status === 200
  })
  return {
    /** What an address got, when it has got something; addresses are of one test only. */
    mailTo: async (address: string) => {
      const find = () => smtp.mails.find(({ to }) => to[0] === address)
      await until(`a mail to ${address}`, () => find() !== undefined)
      return find()!
    },
    ...{ ask, database, offhook, origin, owner, pbx, phones },
    /** An organisation of its own, new, with a token for all of it. */
    tenant: (slug: string) => openTenant({ ask, owner, offhook }, slug),
    async close() {
      server.child.kill('SIGTERM')
      await server.ended
      await smtp.stop()
      await (pbx ?? database).close()
    },
  }
}
