import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { headers: IncomingHttpHeaders; body: string; path: string }

/** A receiver of webhooks on a free port of the loopback; answers 204 unless told otherwise. */
export async function openReceiver(address = '127.0.0.1') {
  const received: Received[] = []
  const sockets = new Set<{ destroy(): void }>()
  let answer: RequestListener = (_request, response) => void response.writeHead(204).end()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      received.push({ headers: request.headers, body, path: request.url ?? '' })
      answer(request, response)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...{ received, port, url: `http://${address.includes(':') ? `[${address}]` : address}:${port}/hook?k=1` },
    /** How every request is answered from now on. */
    reply(next: RequestListener) {
      answer = next
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

export type Receiver = Awaited<ReturnType<typeof openReceiver>>
