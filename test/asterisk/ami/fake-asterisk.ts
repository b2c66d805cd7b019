import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'

/** One action as the fake Asterisk read it: header names in lower case, repeated ones in order. */
export interface ReceivedAction {
  readonly name: string
  readonly id: string
  readonly headers: readonly (readonly [string, string])[]
  header(name: string): string | undefined
}

export interface FakeAsterisk {
  readonly port: number
  readonly actions: ReceivedAction[]
  readonly sockets: Set<Socket>
  /** Number of connections ever accepted. */
  readonly accepted: () => number
  /** Answers an action that has no built-in answer; the default is `Response: Success`. */
  answer: (action: ReceivedAction, socket: Socket) => void
  /** What a new connection is greeted with. */
  greet: (socket: Socket) => void
  close(): Promise<void>
}

const CRLF = '\r\n'
const CHALLENGE = '158079283'

export const BANNER = `Asterisk Call Manager/11.0.0${CRLF}`

export function block(...lines: string[]): string {
  return [...lines, '', ''].join(CRLF)
}

export function success(action: ReceivedAction, ...lines: string[]): string {
  return block('Response: Success', `ActionID: ${action.id}`, ...lines)
}

export function failure(action: ReceivedAction, message: string): string {
  return block('Response: Error', `ActionID: ${action.id}`, `Message: ${message}`)
}

/** A whole list answer: acknowledgement, items, completion. */
export function listOf(action: ReceivedAction, items: readonly (readonly string[])[]): string {
  return [
    success(action, 'EventList: start', 'Message: list will follow'),
    ...items.map((lines) => block(lines[0]!, `ActionID: ${action.id}`, ...lines.slice(1))),
    block('Event: ListComplete', `ActionID: ${action.id}`, 'EventList: Complete', `ListItems: ${items.length}`),
  ].join('')
}

/** A scripted peer on a real loopback socket that behaves like manager.c where a test does not say otherwise. */
export async function startFakeAsterisk(secret = 's3cret-canary', port = 0): Promise<FakeAsterisk> {
  const actions: ReceivedAction[] = []
  const sockets = new Set<Socket>()
  let accepted = 0
  const fake: Omit<FakeAsterisk, 'port'> = {
    actions,
    sockets,
    accepted: () => accepted,
    answer: (action, socket) => void socket.write(success(action)),
    greet: (socket) => void socket.write(BANNER),
    close: () => stop(server, sockets),
  }
  const server = createServer((socket) => {
    accepted++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => sockets.delete(socket))
    let rest = ''
    socket.on('data', (chunk) => {
      rest += chunk.toString('utf8')
      for (let end = rest.indexOf('\r\n\r\n'); end !== -1; end = rest.indexOf('\r\n\r\n')) {
        const action = readAction(rest.slice(0, end))
        rest = rest.slice(end + 4)
        actions.push(action)
        if (action.name === 'Login') answerLogin(action, socket, secret)
        else if (action.name === 'Challenge') socket.write(success(action, `Challenge: ${CHALLENGE}`))
        else if (action.name === 'Ping') socket.write(success(action, 'Ping: Pong'))
        else (result as FakeAsterisk).answer(action, socket)
      }
    })
    fake.greet(socket)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const result = Object.assign(fake, { port: (server.address() as { port: number }).port })
  return result
}

function answerLogin(action: ReceivedAction, socket: Socket, secret: string): void {
  const key = createHash('md5')
    .update(CHALLENGE + secret)
    .digest('hex')
  if (action.header('secret') === secret || action.header('key') === key) {
    socket.write(
      success(action, 'Message: Authentication accepted') +
        block('Event: FullyBooted', 'Privilege: system,all', 'Status: Fully Booted'),
    )
  } else socket.end(failure(action, 'Authentication failed'))
}

function readAction(text: string): ReceivedAction {
  const headers = text.split(CRLF).map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trimStart()] as const
  })
  const header = (name: string) => headers.find(([other]) => other === name)?.[1]
  return { name: header('action') ?? '', id: header('actionid') ?? '', headers, header }
}

async function stop(server: Server, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy()
  server.close()
  await once(server, 'close')
}
