import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { Secret } from '../../src/model/secret.ts'
import type { SmtpAddress } from '../../src/mail/smtp-address.ts'

export type ReceivedMail = { from: string; to: string[]; raw: string; parsed: Email }

/** A real mail server on a free port of 127.0.0.1 that keeps what it gets. */
export type TestSmtp = {
  url: string
  address: SmtpAddress
  mails: ReceivedMail[]
  /** What it answers to a recipient; undefined takes it. */
  refuse: (recipient: string) => { code: number; text: string } | undefined
  /** What it answers after the whole message; it is kept all the same, as by a server whose answer is lost. */
  refuseMessage: () => { code: number; text: string } | undefined
  /** Resolves when it has so many. */
  until: (count: number, withinMs?: number) => Promise<ReceivedMail[]>
  stop: () => Promise<void>
  /** On the same port. */
  start: () => Promise<void>
}

export const LOGIN = { user: 'offhook', secret: 'only-for-the-mail-server' }

export async function openSmtp(): Promise<TestSmtp> {
  let server: SMTPServer
  let port = 0
  const smtp: TestSmtp = {
    ...{ url: '', mails: [], refuse: () => undefined, refuseMessage: () => undefined },
    address: null as never,
    async until(count, withinMs = 15_000) {
      const deadline = performance.now() + withinMs
      while (smtp.mails.length < count) {
        if (performance.now() > deadline) throw new Error(`${smtp.mails.length} of ${count} mails after ${withinMs} ms`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return smtp.mails
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
    async start() {
      server = createServer(smtp)
      server.listen(port, '127.0.0.1')
      await once(server.server, 'listening')
      port = (server.server.address() as AddressInfo).port
    },
  }
  await smtp.start()
  smtp.url = `smtp://${LOGIN.user}:${LOGIN.secret}@127.0.0.1:${port}`
  smtp.address = {
    ...{ host: '127.0.0.1', port, tls: false, user: LOGIN.user, secret: new Secret(LOGIN.secret), caFile: null },
  }
  return smtp
}

function createServer(smtp: TestSmtp): SMTPServer {
  const fail = (answer: { code: number; text: string }) =>
    Object.assign(new Error(answer.text), { responseCode: answer.code })
  const server = new SMTPServer({
    ...{ logger: false, disabledCommands: ['STARTTLS'], allowInsecureAuth: true, closeTimeout: 100 },
    onAuth(auth, _session, done) {
      const isKnown = auth.username === LOGIN.user && auth.password === LOGIN.secret
      if (isKnown) done(null, { user: LOGIN.user })
      else done(fail({ code: 535, text: 'bad login' }))
    },
    onRcptTo({ address }, _session, done) {
      const answer = smtp.refuse(address)
      done(answer ? fail(answer) : undefined)
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks)
        const { mailFrom, rcptTo } = session.envelope
        void PostalMime.parse(raw).then((parsed) => {
          const from = mailFrom === false ? '' : mailFrom.address
          const to = rcptTo.map(({ address }) => address)
          smtp.mails.push({ from, to, raw: raw.toString('latin1'), parsed })
          const answer = smtp.refuseMessage()
          if (answer) done(fail(answer))
          else done()
        })
      })
    },
  })
  server.on('error', () => undefined) // clients that leave early are part of what is tested
  return server
}
