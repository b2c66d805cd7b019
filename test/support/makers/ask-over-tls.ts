import { connect, type ConnectionOptions } from 'node:tls'

export type TlsAnswer = {
  status: number
  head: string
  body: string
  session: Buffer | undefined
  isResumed: boolean
  protocol: string | null
}

/** One GET over a TLS connection of its own; rejects when there is no connection. */
export function askOverTls(port: number, path: string, options: ConnectionOptions): Promise<TlsAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
    const chunks: Buffer[] = []
    let session = options.session
    socket.on('session', (fresh) => (session = fresh))
    let [protocol, isResumed] = [null as string | null, false]
    socket.on('secureConnect', () => {
      ;[protocol, isResumed] = [socket.getProtocol(), socket.isSessionReused()]
      socket.write(`GET ${path} HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n`)
    })
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = '', body = ''] = Buffer.concat(chunks).toString('latin1').split('\r\n\r\n')
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0)
      resolve({ status, head, body, session, isResumed, protocol })
    })
  })
}
