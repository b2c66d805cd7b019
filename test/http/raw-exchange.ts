import { once } from 'node:events'
import { connect } from 'node:net'

/** Sends these bytes on a fresh connection and returns everything that came back until it ended. */
export async function exchangeRaw(port: number, request: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => undefined) // a reset is an answer too: nothing
  socket.write(request)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}

/** One GET as a phone sends it; the answer without its date, which only says when it was asked. */
export async function get(port: number, target: string, headers = ''): Promise<string> {
  const answer = await exchangeRaw(
    port,
    `GET ${target} HTTP/1.1\r\nHost: phones\r\nConnection: close\r\n${headers}\r\n`,
  )
  return withoutDate(answer)
}

export function withoutDate(answer: string): string {
  return answer.replace(/\r\nDate: [^\r]+/, '')
}
