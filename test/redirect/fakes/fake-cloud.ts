import {
  createServer as createHttp,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { parseMac, type Mac } from '../../../src/model/mac.ts'

export type FakeAsk = { method: string; url: URL; headers: IncomingHttpHeaders; body: string }
export type FakeReply = { status: number; headers?: Record<string, string>; body?: unknown }

/** What goes wrong instead of an answer: a status, silence, an answer that breaks off, or one that is not what it says. */
export type Trouble =
  { status: number; headers?: Record<string, string>; body?: string } | 'silence' | 'half' | 'garbage' | 'hang-up'

export type FakeServer = {
  url: string
  /** Method and path of every request that came, in order. */
  calls: string[]
  /** What the next requests get, one after the other. */
  trouble(...script: Trouble[]): void
  close(): Promise<void>
}

/** A server on a free port of the loopback; with `tls` it speaks HTTPS. */
export async function openFakeServer(
  answer: (ask: FakeAsk) => FakeReply,
  tls?: { key: string; cert: string },
): Promise<FakeServer> {
  const calls: string[] = []
  const script: Trouble[] = []
  const sockets = new Set<{ destroy(): void }>()
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'none'}`)
      calls.push(`${request.method ?? ''} ${url.pathname}`)
      const trouble = script.shift()
      if (trouble !== undefined) {
        makeTrouble(trouble, response)
        return
      }
      const body = Buffer.concat(chunks).toString('utf8')
      const reply = answer({ method: request.method ?? '', url, headers: request.headers, body })
      const json = reply.body !== undefined && typeof reply.body !== 'string'
      response.writeHead(reply.status, { ...(json && { 'content-type': 'application/json' }), ...reply.headers })
      response.end(reply.body === undefined ? undefined : json ? JSON.stringify(reply.body) : (reply.body as string))
    })
  }
  const server = tls ? createHttps(tls, onRequest) : createHttp(onRequest)
  server.on('connection', (socket: { destroy(): void; once(event: 'close', heard: () => void): void }) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    calls,
    trouble: (...more) => void script.push(...more),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function makeTrouble(trouble: Trouble, response: ServerResponse): void {
  if (trouble === 'silence') return
  if (trouble === 'hang-up') response.socket?.destroy()
  else if (trouble === 'garbage') response.writeHead(200).end('<html>come back later')
  else if (trouble === 'half') {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{"total":', () => response.socket?.destroy())
  } else response.writeHead(trouble.status, trouble.headers).end(trouble.body ?? '')
}

/** A service as its maker runs it: which phones the maker made, whose they are, and who may ask. */
export type FakeCloud = Pick<FakeServer, 'calls' | 'trouble' | 'close'> & {
  /** Options and secrets of an account that it lets in. */
  options: Record<string, string>
  login: Record<string, string>
  /** Made by this maker and nobody's; `n` from 1 to 9999. */
  phone(n: number): { mac: Mac; serial: string }
  /** A phone that another account holds. */
  foreign: { mac: Mac; serial: string }
  /** A phone of another maker. */
  alien: { mac: Mac; serial: string }
  /** Where the account's phone is sent; null where that cannot be said of one phone; undefined: it is not held. */
  held(mac: Mac): string | null | undefined
  /** Somebody else sends it somewhere else; null: takes it from the account. */
  alter(mac: Mac, address: string | null): void
  /** What came and was not as the documents say. */
  faults: string[]
}

/** Phones of one maker. */
export function makePhones(oui: string, serialOf: (n: number) => string) {
  const phone = (n: number) => ({
    mac: parseMac(`${oui}${n.toString(16).padStart(6, '0')}`)!,
    serial: serialOf(n),
  })
  const isMade = (mac: string) => mac.toLowerCase().startsWith(oui)
  return { phone, foreign: phone(0xf00001), alien: { mac: parseMac('3a0000000001')!, serial: serialOf(1) }, isMade }
}
